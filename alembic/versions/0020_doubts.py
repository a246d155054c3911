"""Messages that were in doubt, whose channels are looked through for second copies, and the copies that were found."""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "doubt",
        sa.Column("delivery", ID, autoincrement=False, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("fence", sa.Integer, nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_doubt_delivery_delivery")),
        sa.PrimaryKeyConstraint("delivery", name=op.f("pk_doubt")),
    )
    op.create_index(op.f("ix_doubt_due"), "doubt", ["due"])
    op.create_table(
        "duplicate",
        sa.Column("delivery", ID, autoincrement=False, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_duplicate_delivery_delivery")),
        sa.PrimaryKeyConstraint("delivery", "ts", name=op.f("pk_duplicate")),
    )


def downgrade() -> None:
    op.drop_table("duplicate")
    op.drop_index(op.f("ix_doubt_due"), "doubt")
    op.drop_table("doubt")
