"""What articles of the last days are told apart by, and the headlines from which an outlet's marks are learnt.

Articles stored by earlier versions have no traits: those of the days before the upgrade are known as copies only.
"""

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "story_traits",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traits", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_traits_article_article")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_story_traits")),
    )
    op.create_index(op.f("ix_story_traits_seen"), "story_traits", ["seen"])
    op.create_table(
        "story_key",
        sa.Column("value", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_key_article_article")),
        sa.PrimaryKeyConstraint("value", "article", name=op.f("pk_story_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_key_article"), "story_key", ["article"])
    op.create_table(
        "headlines",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("titles", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_headlines_source_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_headlines")),
    )


def downgrade() -> None:
    for name in ("headlines", "story_key", "story_traits"):
        op.drop_table(name)
