"""How far a digest's issue read: the next one begins with the mention after it, whatever the clocks say."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("digest_run", sa.Column("upto", ID, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("digest_run", "upto")
