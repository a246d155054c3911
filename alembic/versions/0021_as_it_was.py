"""What decisions were made from: the configuration of the time, what was read, when stories became one."""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
CURRENT = sa.text("active_until IS NULL")


def upgrade() -> None:
    op.create_table(
        "config_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("active_from", MOMENT, nullable=False),
        sa.Column("active_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_config_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_config_version_active",
        "config_version",
        ["kind", "name"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_table(
        "story_merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("into", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_story_merge_story_story")),
        sa.ForeignKeyConstraint(["into"], ["story.id"], name=op.f("fk_story_merge_into_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_merge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_story_merge_story"), "story_merge", ["story"])
    op.create_index(op.f("ix_story_merge_into"), "story_merge", ["into"])
    # What has been merged before: nobody knows when.
    op.execute(
        'INSERT INTO story_merge (story, "into") SELECT id, merged_into FROM story WHERE merged_into IS NOT NULL '
        "ORDER BY id"
    )
    op.create_table(
        "look",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("rules_at", MOMENT, nullable=True),
        sa.Column("config_at", MOMENT, nullable=True),
        sa.Column("alerts", ID, nullable=False),
        sa.Column("merges", ID, nullable=False),
        sa.Column("held", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_look_article_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_look_at"), "look", ["at"])
    op.create_index(op.f("ix_look_article"), "look", ["article"])
    # Without foreign keys: SQLite cannot add one to a table that is there.
    op.add_column("decision", sa.Column("look", ID, nullable=True))
    op.add_column("alert", sa.Column("look", ID, nullable=True))
    op.add_column("article_version", sa.Column("was", sa.JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("article_version", "was")
    op.drop_column("alert", "look")
    op.drop_column("decision", "look")
    for table in ("look", "story_merge", "config_version"):
        op.drop_table(table)
