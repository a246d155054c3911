"""What each feed showed last, which the next poll has to overlap; by what people may ask for a refused item.

Neither is known of polls before this version: the first one after the upgrade is held against all stored items.
"""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_shown_source_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_shown")),
    )
    for name in ("url", "guid"):
        op.add_column("refused", sa.Column(name, sa.Text, nullable=True))


def downgrade() -> None:
    for name in ("guid", "url"):
        op.drop_column("refused", name)
    op.drop_table("shown")
