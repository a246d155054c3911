"""Which alerts may share a message and in which message they stand, and when a message was found to be gone."""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# SQLite uses a partial index only where the query says the same.
WAITING = {"sqlite_where": sa.text("may_group = 1"), "postgresql_where": sa.text("may_group")}
GROUPS = sa.text("payload_kind = 'group'")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("may_group", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("delivery", sa.Column("grouped_in", ID, nullable=True))
    op.add_column("delivery", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_delivery_grouped_in", "delivery", ["grouped_in"])
    op.create_index("ix_delivery_groupable", "delivery", ["destination", "state"], **WAITING)
    op.create_index(
        "ix_delivery_groups", "delivery", ["destination", "created_at"], sqlite_where=GROUPS, postgresql_where=GROUPS
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_groups", "delivery")
    op.drop_index("ix_delivery_groupable", "delivery")
    op.drop_index("ix_delivery_grouped_in", "delivery")
    for name in ("gone_at", "grouped_in", "may_group"):
        op.drop_column("delivery", name)
