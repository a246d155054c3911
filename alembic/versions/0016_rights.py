"""What sources let readers see and keep, when a text was removed, and an index of the texts that are kept."""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

KEPT = sa.text("text IS NOT NULL")


def upgrade() -> None:
    op.add_column("source", sa.Column("excerpt", sa.Integer, nullable=True))
    op.add_column("source", sa.Column("retention", sa.Float, nullable=True))
    op.add_column("article_version", sa.Column("text_removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_article_version_kept", "article_version", ["article"], sqlite_where=KEPT, postgresql_where=KEPT)


def downgrade() -> None:
    op.drop_index("ix_article_version_kept", "article_version")
    op.drop_column("article_version", "text_removed_at")
    op.drop_column("source", "retention")
    op.drop_column("source", "excerpt")
