"""The first tables: all that is planned for, so that later work adds and never rebuilds.

Names of constraints follow the convention in ``bot.store.tables``. Frozen: a change of tables is a new file.
"""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = (
    "source",
    "poll",
    "story",
    "article",
    "article_version",
    "rule_version",
    "mention",
    "story_member",
    "story_feature",
    "decision",
    "alert",
    "alert_rule",
    "digest_run",
    "delivery",
    "mute",
    "setting",
)


def upgrade() -> None:
    sources()
    articles()
    rules()
    stories()
    alerts()
    outbox()
    people()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, sa.Column("id", ID, primary_key=True), *parts, sqlite_autoincrement=True)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def words_key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def ref(name: str, target: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=null)


def key_ref(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), primary_key=True, autoincrement=False)


def index(name: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{name}_{'_'.join(columns)}"), name, list(columns))


def unique_where(index_name: str, name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(index_name, name, [column], unique=True, sqlite_where=where, postgresql_where=where)


def sources() -> None:
    op.create_table(
        "source",
        words_key("id"),
        text("kind"),
        text("name"),
        text("url", null=True),
        text("path", null=True),
        text("tier"),
        text("lang", null=True),
        text("etag", null=True),
        text("last_modified", null=True),
        text("body_hash", null=True),
        text("moved_to", null=True),
        moment("next_due"),
        sa.Column("interval", sa.Float, nullable=True),
        count("failures"),
        moment("first_failed_at", null=True),
        text("last_error", null=True),
        flag("failing"),
        moment("last_ok_at", null=True),
        moment("baseline_at", null=True),
        text("state"),
    )
    table(
        "poll",
        text("source"),
        moment("at"),
        text("status"),
        count("fetched"),
        count("new"),
        sa.Column("overlap", sa.Integer, nullable=True),
        moment("gap_from", null=True),
        moment("gap_to", null=True),
        count("ms"),
        text("note", null=True),
        sa.ForeignKeyConstraint(["source"], ["source.id"]),
    )
    index("poll", "source", "at")


def articles() -> None:
    table(
        "story",
        moment("opened_at"),
        moment("last_at"),
        sa.Column("lead", ID, nullable=True),
        ref("merged_into", "story", null=True),
    )
    index("story", "last_at")
    index("story", "merged_into")
    table(
        "article",
        text("source"),
        text("key"),
        text("key_kind"),
        text("fingerprint"),
        text("url", null=True),
        text("canonical_url", null=True),
        moment("first_seen"),
        text("published_raw", null=True),
        moment("published_at", null=True),
        text("date_origin"),
        moment("order_at"),
        text("state"),
        ref("story", "story"),
        sa.Column("versions", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"]),
        sa.UniqueConstraint("source", "key"),
    )
    for columns in (("source", "fingerprint"), ("state", "order_at"), ("order_at", "id"), ("story",)):
        index("article", *columns)
    table(
        "article_version",
        ref("article", "article"),
        sa.Column("n", sa.Integer, nullable=False),
        moment("at"),
        text("title"),
        flag("title_derived"),
        text("author"),
        text("outlet"),
        text("lang", null=True),
        text("text", null=True),
        text("text_seen"),
        sa.Column("normaliser_version", sa.Integer, nullable=False),
        text("content_hash"),
        sa.UniqueConstraint("article", "n"),
    )


def rules() -> None:
    table(
        "rule_version",
        text("hash"),
        text("rule"),
        text("definition"),
        sa.Column("refs", sa.JSON, nullable=False),
        moment("active_from"),
        moment("active_until", null=True),
    )
    index("rule_version", "rule", "hash")
    unique_where("uq_rule_version_active", "rule_version", "rule", "active_until IS NULL")
    table(
        "mention",
        ref("article_version", "article_version"),
        text("rule"),
        text("rule_hash"),
        text("entity", null=True),
        text("alias", null=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.UniqueConstraint("article_version", "rule", "rule_hash"),
    )
    index("mention", "rule")


def stories() -> None:
    op.create_table(
        "story_member",
        key_ref("story", "story"),
        key_ref("article", "article"),
        text("kind"),
        sa.Column("score", sa.Float, nullable=False),
        text("reason"),
        ref("copy_of", "article", null=True),
        moment("at"),
    )
    unique_where("uq_story_member_article", "story_member", "article", "kind != 'related'")
    op.create_table("story_feature", words_key("kind"), words_key("value"), key_ref("article", "article"), moment("at"))
    index("story_feature", "article")


def alerts() -> None:
    table(
        "decision",
        ref("article", "article"),
        text("rule", null=True),
        text("destination", null=True),
        text("verdict"),
        text("reason"),
        moment("at"),
    )
    index("decision", "article")
    index("decision", "at")
    table(
        "alert",
        ref("story", "story"),
        text("destination"),
        text("kind"),
        text("trigger"),
        ref("article", "article"),
        text("severity"),
        moment("at"),
        sa.UniqueConstraint("story", "destination", "kind", "trigger"),
    )
    index("alert", "article")
    index("alert", "at")
    op.create_table("alert_rule", key_ref("alert", "alert"), words_key("rule"))
    index("alert_rule", "rule")
    table(
        "digest_run",
        text("digest"),
        sa.Column("local_date", sa.Date, nullable=False),
        text("recipient"),
        moment("window_from"),
        moment("window_to"),
        sa.Column("frozen", sa.LargeBinary, nullable=False),
        text("message_id"),
        moment("at"),
        sa.UniqueConstraint("digest", "local_date", "recipient"),
    )


def outbox() -> None:
    table(
        "delivery",
        text("uid"),
        ref("alert", "alert", null=True),
        ref("digest_run", "digest_run", null=True),
        ref("story", "story", null=True),
        ref("root", "delivery", null=True),
        text("destination"),
        text("op"),
        count("revision"),
        text("state"),
        count("attempt"),
        count("look_ups"),
        text("owner", null=True),
        count("fence"),
        moment("lease_until", null=True),
        moment("not_before"),
        text("channel_id", null=True),
        text("ts", null=True),
        text("thread_ts", null=True),
        text("payload_kind"),
        sa.Column("payload", sa.JSON, nullable=False),
        flag("minimal_only"),
        flag("may_repeat"),
        text("error", null=True),
        moment("created_at"),
        moment("first_tried_at", null=True),
        moment("sent_at", null=True),
        sa.UniqueConstraint("uid", "op", "revision"),
    )
    for columns in (("alert",), ("root",), ("state", "destination")):
        index("delivery", *columns)


def people() -> None:
    table(
        "mute",
        text("kind"),
        text("value"),
        text("destination", null=True),
        text("author"),
        text("comment"),
        moment("created_at"),
        moment("expires_at"),
        moment("ended_at", null=True),
    )
    index("mute", "expires_at")
    op.create_table("setting", words_key("key"), sa.Column("value", sa.JSON, nullable=False), moment("at", null=True))
