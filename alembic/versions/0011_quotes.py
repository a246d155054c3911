"""Quotations with their speakers, and the words of the speakers' names. Filled when the database is opened."""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "quote",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_version", BIG, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("speaker_folded", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("spans", sa.JSON, nullable=False),
        sa.Column("speaker_start", sa.Integer, nullable=False),
        sa.Column("speaker_end", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_version"], ["article_version.id"], name="fk_quote_article_version_article_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quote_article_version", "quote", ["article_version"])
    op.create_table(
        "speaker_word",
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("article_version", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_version"], ["article_version.id"], name="fk_speaker_word_article_version_article_version"
        ),
        sa.PrimaryKeyConstraint("word", "article_version", name="pk_speaker_word"),
    )
    op.create_index("ix_speaker_word_article_version", "speaker_word", ["article_version"])


def downgrade() -> None:
    op.drop_table("speaker_word")
    op.drop_table("quote")
