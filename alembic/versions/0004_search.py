"""The search index: the words of every article's newest version. Empty here; the store fills it when it is opened.

Not among the tables of the metadata, because SQLite's is a virtual table. Its name holds "_fts", by which a comparison
of the metadata with a database leaves it out.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The words come folded and parted by spaces: only ASCII white space divides them, nothing is folded again.
        op.execute("CREATE VIRTUAL TABLE article_fts USING fts5(words, tokenize = 'ascii')")
        return
    op.execute(
        "CREATE TABLE article_fts (rowid BIGINT CONSTRAINT pk_article_fts PRIMARY KEY, "
        "words TEXT NOT NULL, lexemes TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_article_fts_lexemes ON article_fts USING gin (lexemes)")


def downgrade() -> None:
    op.execute("DROP TABLE article_fts")
