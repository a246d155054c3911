"""A source's rhythm, where its interval comes from, and how many polls agreed that it has moved for good."""

import math

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SOURCE = sa.table(
    "source",
    sa.column("id", sa.Text),
    sa.column("moved_to", sa.Text),
    sa.column("moved_polls", sa.Integer),
    sa.column("news", sa.Integer),
    sa.column("first_new", TIME),
    sa.column("last_new", TIME),
    sa.column("longest", sa.Float),
    sa.column("rhythm", sa.Float),
)
POLL = sa.table(
    "poll",
    sa.column("source", sa.Text),
    sa.column("at", TIME),
    sa.column("status", sa.Text),
    sa.column("new", sa.Integer),
)


def upgrade() -> None:
    for name in ("news", "moved_polls"):
        op.add_column("source", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    for name in ("first_new", "last_new"):
        op.add_column("source", sa.Column(name, TIME, nullable=True))
    for name in ("longest", "rhythm"):
        op.add_column("source", sa.Column(name, sa.Float, nullable=True))
    for name in ("hours", "interval_by"):
        op.add_column("source", sa.Column(name, sa.Text, nullable=True))
    op.execute(sa.update(SOURCE).where(SOURCE.c.moved_to.is_not(None)).values(moved_polls=1))
    _learn()


def _learn() -> None:
    """What the polls so far tell of each source, in the way of the program of this version."""
    connection = op.get_bind()
    news = sa.select(POLL.c.source, POLL.c.at).where(POLL.c.new > 0, POLL.c.status == "ok")
    found: dict[str, dict[str, object]] = {}
    for source, at in connection.execute(news.order_by(POLL.c.source, POLL.c.at)):
        known = found.setdefault(source, {"news": 0, "first_new": at, "last_new": at, "longest": None, "rhythm": None})
        if known["news"]:
            gap = (at - known["last_new"]).total_seconds()
            known["longest"] = max(known["longest"] or 0.0, gap)
            known["rhythm"] = math.exp(0.75 * math.log(known["rhythm"] or 14_400) + 0.25 * math.log(max(gap, 60)))
        known |= {"news": known["news"] + 1, "last_new": at}
    for source, known in found.items():
        connection.execute(sa.update(SOURCE).where(SOURCE.c.id == source).values(known))


def downgrade() -> None:
    for name in ("interval_by", "hours", "rhythm", "longest", "last_new", "first_new", "moved_polls", "news"):
        op.drop_column("source", name)
