"""By what articles that were removed whole are known again, and indexes by which all that refers to one is found."""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COPIES, OF_STORY = sa.text("copy_of IS NOT NULL"), sa.text("story IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_forgotten")),
        sqlite_with_rowid=False,
    )
    # Without them the databases read these tables whole for each row that goes.
    op.create_index("ix_story_member_article", "story_member", ["article"])
    copies = {"sqlite_where": COPIES, "postgresql_where": COPIES}
    op.create_index("ix_story_member_copy_of", "story_member", ["copy_of"], **copies)
    op.create_index("ix_volume_story_story", "volume_story", ["story"])
    op.create_index("ix_volume_story_article", "volume_story", ["article"])
    op.create_index("ix_delivery_story", "delivery", ["story"], sqlite_where=OF_STORY, postgresql_where=OF_STORY)


def downgrade() -> None:
    op.drop_index("ix_delivery_story", "delivery")
    for name in ("article", "story"):
        op.drop_index(f"ix_volume_story_{name}", "volume_story")
    for name in ("copy_of", "article"):
        op.drop_index(f"ix_story_member_{name}", "story_member")
    op.drop_table("forgotten")
