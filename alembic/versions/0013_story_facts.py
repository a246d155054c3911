"""What stories hold and what was new in them; with each alert what it told as new.

Stories of before hold nothing: what their articles state is read again when the next one joins.
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "story_fact",
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=True),
        sa.Column("about", sa.Text, nullable=True),
        sa.Column("article", ID, nullable=False),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_story_fact_story_story")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_fact_article_article")),
        sa.PrimaryKeyConstraint("story", "value", "kind", name=op.f("pk_story_fact")),
    )
    op.create_index(op.f("ix_story_fact_article"), "story_fact", ["article"])
    op.create_index(op.f("ix_story_fact_story_topic"), "story_fact", ["story", "topic"])
    op.create_table(
        "story_news",
        sa.Column("id", ID, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("news", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_story_news_story_story")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_news_article_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_news")),
        sa.UniqueConstraint("story", "kind", "value", name=op.f("uq_story_news_story_kind_value")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_story_news_article"), "story_news", ["article"])
    op.add_column("alert", sa.Column("news", sa.JSON, nullable=True))
    op.add_column("digest_run", sa.Column("news_upto", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("digest_run", "news_upto")
    op.drop_column("alert", "news")
    op.drop_table("story_news")
    op.drop_table("story_fact")
