"""What events are looked up by as one list of articles for each key and period, read as fast as one row was."""

import struct
from datetime import UTC, datetime
from itertools import groupby

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOST = 401  # articles of a list: one more than a key may have to be asked


def upgrade() -> None:
    connection = op.get_bind()
    old = sa.table("story_key", sa.column("value", sa.BigInteger), sa.column("article", ID))
    seen = sa.table("story_traits", sa.column("article", ID), sa.column("seen", sa.DateTime(timezone=True)))
    query = sa.select(old.c.value, seen.c.seen, old.c.article).join_from(old, seen, seen.c.article == old.c.article)
    ordered = query.order_by(old.c.value, old.c.article)
    found = [(value, _period(moment), article) for value, moment, article in connection.execute(ordered)]
    op.drop_table("story_key")
    op.create_table(
        "story_key",
        sa.Column("value", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("articles", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("value", "period", name=op.f("pk_story_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_key_period"), "story_key", ["period"])
    names = [sa.column(name, type_) for name, type_ in _NEW.items()]
    rows = []
    for (value, period), held in groupby(sorted(found), key=lambda row: row[:2]):
        articles = [article for _, _, article in held][:MOST]
        rows.append({"value": value, "period": period, "articles": struct.pack(f"<{len(articles)}I", *articles)})
    if rows:
        connection.execute(sa.insert(sa.table("story_key", *names)), rows)


def _period(moment: datetime) -> int:
    """Three days since 1970; SQLite's moments are in UTC and do not say so."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)).days // 3


_NEW = {"value": sa.BigInteger, "period": sa.Integer, "articles": sa.LargeBinary}


def downgrade() -> None:
    """The lists are written out again."""
    connection = op.get_bind()
    query = sa.select(*(sa.column(name, type_) for name, type_ in _NEW.items())).select_from(sa.table("story_key"))
    held = [
        (value, struct.unpack(f"<{len(articles) // 4}I", articles)) for value, _, articles in connection.execute(query)
    ]
    op.drop_table("story_key")
    op.create_table(
        "story_key",
        sa.Column("value", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_key_article_article")),
        sa.PrimaryKeyConstraint("value", "article", name=op.f("pk_story_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_key_article"), "story_key", ["article"])
    rows = [{"value": value, "article": article} for value, articles in held for article in articles]
    if rows:
        table = sa.table("story_key", sa.column("value", sa.BigInteger), sa.column("article", ID))
        connection.execute(sa.insert(table), rows)
