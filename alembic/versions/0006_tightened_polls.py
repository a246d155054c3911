"""A source's last possible gap, and the shorter interval that it asks for."""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LAST = """
UPDATE source SET {name} = (
    SELECT poll.{name} FROM poll WHERE poll.source = source.id AND poll.gap_to IS NOT NULL ORDER BY poll.id DESC LIMIT 1
)
"""


def upgrade() -> None:
    for name in ("gap_from", "gap_to"):
        op.add_column("source", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.execute(LAST.format(name=name))
    op.add_column("source", sa.Column("tight", sa.Float, nullable=True))


def downgrade() -> None:
    for name in ("tight", "gap_to", "gap_from"):
        op.drop_column("source", name)
