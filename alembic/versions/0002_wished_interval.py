"""The polling interval that the configuration wishes for, beside the one that results from what servers ask for."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("every", sa.Float, nullable=True))


def downgrade() -> None:
    op.drop_column("source", "every")
