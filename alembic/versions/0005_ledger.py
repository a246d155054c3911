"""The ledger: what every listed item of a poll was, and the items that could be no article.

A large folder is written in several transactions. Its poll told of the last of them only, and of none if the program
was killed in between; both are put right here, so that the books hold for the time before this version too.
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SPLIT = ("changed", "known", "repeated", "refused")

CORRECT = """
UPDATE poll SET new = (
    SELECT count(*) FROM article WHERE article.source = poll.source AND article.first_seen = poll.at
)
WHERE fetched > 500 AND source IN (SELECT id FROM source WHERE kind = 'folder')
"""
COMPLETE = """
INSERT INTO poll (source, at, status, fetched, new)
SELECT article.source, article.first_seen, 'part', count(*), count(*)
FROM article JOIN source ON source.id = article.source AND source.kind = 'folder'
WHERE NOT EXISTS (SELECT 1 FROM poll WHERE poll.source = article.source AND poll.at = article.first_seen)
GROUP BY article.source, article.first_seen
"""


def upgrade() -> None:
    for name in SPLIT:
        op.add_column("poll", sa.Column(name, sa.Integer, nullable=True))
    op.create_table(
        "refused",
        sa.Column("id", ID, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "key", "name", "reason")),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_refused_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_refused_source_key")),
        sqlite_autoincrement=True,
    )
    op.execute(CORRECT)
    op.execute(COMPLETE)


def downgrade() -> None:
    op.drop_table("refused")
    op.execute("DELETE FROM poll WHERE status = 'part'")
    for name in SPLIT:
        op.drop_column("poll", name)
