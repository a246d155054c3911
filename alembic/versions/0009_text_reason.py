"""Why no more of an article's text was seen than its source listed, where its page was to be read."""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article_version", sa.Column("text_reason", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("article_version", "text_reason")
