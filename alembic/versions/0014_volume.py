"""How many stories each theme, entity and rule had in every hour, and what stood out and was told.

Nothing is counted here: the first look counts the mentions of the last weeks, in parts.
"""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "volume_hour",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("stories", sa.Integer, server_default="0", nullable=False),
        sa.Column("articles", sa.Integer, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "hour", name=op.f("pk_volume_hour")),
    )
    op.create_index(op.f("ix_volume_hour_kind_hour"), "volume_hour", ["kind", "hour"])
    op.create_table(
        "volume_story",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("story", ID, nullable=False, autoincrement=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_volume_story_story_story")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_volume_story_article_article")),
        sa.PrimaryKeyConstraint("kind", "subject", "story", name=op.f("pk_volume_story")),
    )
    op.create_index(op.f("ix_volume_story_kind_subject_at"), "volume_story", ["kind", "subject", "at"])
    op.create_table(
        "spike",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spike")),
        sa.UniqueConstraint("kind", "subject", "day", name=op.f("uq_spike_kind_subject_day")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_spike_at"), "spike", ["at"])
    op.create_index(op.f("ix_spike_ended_at"), "spike", ["ended_at"])


def downgrade() -> None:
    for name in ("spike", "volume_story", "volume_hour"):
        op.drop_table(name)
