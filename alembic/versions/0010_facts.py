"""References and days that count, by article version. Empty here; they are filled when the database is opened."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "reference",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_version", BIG, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_version"], ["article_version.id"], name="fk_reference_article_version_article_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reference_article_version", "reference", ["article_version"])
    op.create_index("ix_reference_kind_value", "reference", ["kind", "value"])
    op.create_table(
        "deadline",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_version", BIG, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("derived", sa.Text, nullable=True),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_version"], ["article_version.id"], name="fk_deadline_article_version_article_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deadline_article_version", "deadline", ["article_version"])
    op.create_index("ix_deadline_day", "deadline", ["day"])


def downgrade() -> None:
    op.drop_table("deadline")
    op.drop_table("reference")
    op.execute(sa.text("DELETE FROM setting WHERE key = 'facts'"))
