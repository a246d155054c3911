"""The tables, all of them, as both databases have them.

Times are UTC, keys are integers or the words people wrote, so that rows move to another database unchanged.
States and kinds are plain text without CHECK constraints: a new kind must not need a rebuilt table.
Every integer key is ``AUTOINCREMENT`` on SQLite, because ids are part of message uids and fences and must
never be given out twice, not even after their row is gone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Dialect

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Made by full-text search and by the task queue of larger set-ups, not by these tables.
FOREIGN_PREFIXES = ("procrastinate_",)
FOREIGN_INFIX = "_fts"

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

metadata = sa.MetaData(naming_convention=NAMING)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases; a naive one is a bug and raises ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so it is taken off there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database's form back to aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text from outside. NUL and lone surrogates, which databases refuse, become U+FFFD: offsets stay true."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The same text, storable."""
        return storable(value) if value else value


def storable(text: str) -> str:
    """The text with U+FFFD in place of what databases refuse."""
    if text.isascii() and "\0" not in text:  # most texts, told at a glance
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def ours(name: str | None, type_: str, parent_names: Mapping[str, Any]) -> bool:  # noqa: ARG001
    """Whether a database object belongs to these tables (for comparing them with a database)."""
    if type_ != "table" or name is None:
        return True
    return not name.startswith(FOREIGN_PREFIXES) and FOREIGN_INFIX not in name


ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _ref(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=null, index=index)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, Words, nullable=null)


def _time(name: str, *, null: bool = False, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Moment, nullable=null, index=index)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _table(name: str, *parts: sa.schema.SchemaItem, info: dict[str, str] | None = None) -> sa.Table:
    # Ids that were ever given out must not come back.
    return sa.Table(name, metadata, _id(), *parts, sqlite_autoincrement=True, info=info or {})


source = sa.Table(
    "source",
    metadata,
    sa.Column("id", Words, primary_key=True),
    _text("kind"),
    _text("name"),
    _text("url", null=True),
    _text("path", null=True),
    _text("tier"),
    _text("lang", null=True),
    _text("etag", null=True),
    _text("last_modified", null=True),
    _text("body_hash", null=True),
    _text("moved_to", null=True),
    _time("next_due"),
    sa.Column("interval", sa.Float, nullable=True),
    _count("failures"),
    _time("first_failed_at", null=True),
    _text("last_error", null=True),
    _flag("failing"),
    _time("last_ok_at", null=True),
    _time("baseline_at", null=True),
    _text("state"),
    # What the configuration wishes for, in seconds; ``interval`` is what came of it.
    sa.Column("every", sa.Float, nullable=True),
    # The last possible gap, and the interval in seconds that it asks for.
    _time("gap_from", null=True),
    _time("gap_to", null=True),
    sa.Column("tight", sa.Float, nullable=True),
    # Polls in a row that were redirected for good to ``moved_to``.
    _count("moved_polls"),
    # Polls that brought something, first polls left out: how many, the first, the last; the longest gap between two of
    # them and the smoothed one, in seconds; the times of day at which long ones ended.
    _count("news"),
    _time("first_new", null=True),
    _time("last_new", null=True),
    sa.Column("longest", sa.Float, nullable=True),
    sa.Column("rhythm", sa.Float, nullable=True),
    _text("hours", null=True),
    # Where ``interval`` comes from.
    _text("interval_by", null=True),
    # How many characters of a text readers may see, and for how many seconds texts are kept, where the source says so.
    sa.Column("excerpt", sa.Integer, nullable=True),
    sa.Column("retention", sa.Float, nullable=True),
)

poll = _table(
    "poll",
    _text("source"),
    _time("at"),
    _text("status"),
    _count("fetched"),
    _count("new"),
    sa.Column("overlap", sa.Integer, nullable=True),
    _time("gap_from", null=True),
    _time("gap_to", null=True),
    _count("ms"),
    _text("note", null=True),
    # What the items that were listed and are not new were; NULL in rows of versions that did not tell them apart.
    *(sa.Column(name, sa.Integer, nullable=True) for name in ("changed", "known", "repeated", "refused")),
    sa.ForeignKeyConstraint(["source"], ["source.id"]),
    sa.Index(None, "source", "at"),
)

# What a feed showed last. A table of its own: the states of all sources are read at every look, these lists are not.
shown = sa.Table(
    "shown",
    metadata,
    sa.Column("source", Words, primary_key=True),
    # The names of the items in the feed's order, and the number of the poll since which each has been there.
    sa.Column("items", sa.JSON, nullable=False),
    # Polls that brought anything new; the most items that it ever showed.
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("most", sa.Integer, nullable=False),
    # Where the feed has been empty since: when it was last seen with these items.
    _time("last_at", null=True),
    sa.ForeignKeyConstraint(["source"], ["source.id"]),
)

# Items that were fetched and can be no article: the ledger's state "error".
refused = _table(
    "refused",
    _text("source"),
    _text("key"),
    _text("name"),
    _text("reason"),
    _time("first_seen"),
    # The canonical address and the id that the item itself gives, for people who ask for it.
    _text("url", null=True),
    _text("guid", null=True),
    sa.ForeignKeyConstraint(["source"], ["source.id"]),
    sa.UniqueConstraint("source", "key"),
)

story = _table(
    "story",
    _time("opened_at"),
    _time("last_at", index=True),
    # Without a foreign key: articles point at their story, and a circle would forbid creating either first.
    sa.Column("lead", ID, nullable=True),
    _ref("merged_into", "story", null=True, index=True),
)

article = _table(
    "article",
    _text("source"),
    _text("key"),
    _text("key_kind"),
    _text("fingerprint"),
    _text("url", null=True),
    _text("canonical_url", null=True),
    _time("first_seen"),
    _text("published_raw", null=True),
    _time("published_at", null=True),
    _text("date_origin"),
    _time("order_at"),
    _text("state"),
    _ref("story", "story", index=True),
    # The number of the newest version, so that it is found without searching for a maximum.
    sa.Column("versions", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["source"], ["source.id"]),
    sa.UniqueConstraint("source", "key"),
    sa.Index(None, "source", "fingerprint"),
    sa.Index(None, "state", "order_at"),
    sa.Index(None, "order_at", "id"),
)

article_version = _table(
    "article_version",
    _ref("article", "article"),
    sa.Column("n", sa.Integer, nullable=False),
    _time("at"),
    _text("title"),
    _flag("title_derived"),
    _text("author"),
    _text("outlet"),
    _text("lang", null=True),
    # NULL once retention has removed the body, at ``text_removed_at``; titles and evidence stay.
    _text("text", null=True),
    _time("text_removed_at", null=True),
    _text("text_seen"),
    # Where the page behind the item was to be read: whether it was, and if not, why. NULL where it was not to be.
    _text("text_reason", null=True),
    sa.Column("normaliser_version", sa.Integer, nullable=False),
    _text("content_hash"),
    # What of the article itself – address, date – was other while this version was the newest; NULL: nothing was.
    sa.Column("was", sa.JSON(none_as_null=True), nullable=True),
    sa.UniqueConstraint("article", "n"),
    # The texts that are kept, by which retention finds the old ones.
    sa.Index(
        "ix_article_version_kept",
        "article",
        sqlite_where=sa.text("text IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL"),
    ),
)

rule_version = _table(
    "rule_version",
    _text("hash"),
    _text("rule"),
    _text("definition"),
    sa.Column("refs", sa.JSON, nullable=False),
    _time("active_from"),
    _time("active_until", null=True),
    sa.Index(None, "rule", "hash"),
    sa.Index(
        "uq_rule_version_active",
        "rule",
        unique=True,
        sqlite_where=sa.text("active_until IS NULL"),
        postgresql_where=sa.text("active_until IS NULL"),
    ),
)

# What of the configuration decisions depend on, part by part: each source, the destinations, the routes, each digest.
config_version = _table(
    "config_version",
    _text("kind"),
    _text("name"),
    _text("hash"),
    sa.Column("content", sa.JSON, nullable=False),
    _time("active_from"),
    _time("active_until", null=True),
    sa.Index(
        "uq_config_version_active",
        "kind",
        "name",
        unique=True,
        sqlite_where=sa.text("active_until IS NULL"),
        postgresql_where=sa.text("active_until IS NULL"),
    ),
)

mention = _table(
    "mention",
    _ref("article_version", "article_version"),
    _text("rule"),
    _text("rule_hash"),
    _text("entity", null=True),
    _text("alias", null=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.UniqueConstraint("article_version", "rule", "rule_hash"),
    sa.Index(None, "rule"),
)

# What stands in a version's text beyond its words; ``start`` and ``end`` are places in its title, body or address.
reference = _table(
    "reference",
    _ref("article_version", "article_version", index=True),
    _text("kind"),
    _text("value"),
    _text("text"),
    _text("field"),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Index(None, "kind", "value"),
)

deadline = _table(
    "deadline",
    _ref("article_version", "article_version", index=True),
    _text("kind"),
    sa.Column("day", sa.Date, nullable=False, index=True),
    _text("text"),
    _text("sentence"),
    # What it was reckoned from, where the day does not stand in the text.
    _text("derived", null=True),
    _text("field"),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)

# Words that somebody is quoted with; ``spans`` are the places of their parts, pairs of start and end.
quote = _table(
    "quote",
    _ref("article_version", "article_version", index=True),
    _text("speaker"),
    _text("speaker_folded"),
    _text("role"),
    _text("text"),
    _text("field"),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("spans", sa.JSON, nullable=False),
    sa.Column("speaker_start", sa.Integer, nullable=False),
    sa.Column("speaker_end", sa.Integer, nullable=False),
    _text("rule"),
    info={"of body": "article_version"},
)

# The words of speakers' names, each with the versions that quote somebody of such a name.
speaker_word = sa.Table(
    "speaker_word",
    metadata,
    sa.Column("word", Words, primary_key=True),
    sa.Column(
        "article_version",
        ID,
        sa.ForeignKey("article_version.id"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    info={"of body": "article_version"},
)

story_member = sa.Table(
    "story_member",
    metadata,
    sa.Column("story", ID, sa.ForeignKey("story.id"), primary_key=True, autoincrement=False),
    sa.Column("article", ID, sa.ForeignKey("article.id"), primary_key=True, autoincrement=False),
    _text("kind"),
    sa.Column("score", sa.Float, nullable=False),
    _text("reason"),
    _ref("copy_of", "article", null=True),
    _time("at"),
    # What refers to an article is found when it is removed whole.
    sa.Index("ix_story_member_article", "article"),
    sa.Index(
        "ix_story_member_copy_of",
        "copy_of",
        sqlite_where=sa.text("copy_of IS NOT NULL"),
        postgresql_where=sa.text("copy_of IS NOT NULL"),
    ),
    # An article may be related to several stories, but it belongs to one.
    sa.Index(
        "uq_story_member_article",
        "article",
        unique=True,
        sqlite_where=sa.text("kind != 'related'"),
        postgresql_where=sa.text("kind != 'related'"),
    ),
)

story_feature = sa.Table(
    "story_feature",
    metadata,
    sa.Column("kind", Words, primary_key=True),
    sa.Column("value", Words, primary_key=True),
    sa.Column("article", ID, sa.ForeignKey("article.id"), primary_key=True, autoincrement=False, index=True),
    _time("at"),
    # Goes when the article's text is removed; see ``retention``.
    info={"of body": "article"},
)

# What a story's articles have stated, each thing once, with the article that had it first; see ``stories.novelty``.
story_fact = sa.Table(
    "story_fact",
    metadata,
    sa.Column("story", ID, sa.ForeignKey("story.id"), primary_key=True, autoincrement=False),
    sa.Column("value", Words, primary_key=True),
    sa.Column("kind", Words, primary_key=True),
    _text("text"),
    # What a figure or a deadline is of, and further words beside it.
    _text("topic", null=True),
    _text("about", null=True),
    _ref("article", "article", index=True),
    sa.Index(None, "story", "topic"),
)

# What was new to a story when an article brought it: what digests tell of.
story_news = _table(
    "story_news",
    _ref("story", "story"),
    _text("kind"),
    _text("value"),
    _ref("article", "article", index=True),
    sa.Column("news", sa.JSON, nullable=False),
    _time("at"),
    sa.UniqueConstraint("story", "kind", "value"),
    # Holds sentences.
    info={"of body": "article"},
)

# The traits of articles seen in the last few days, and what they are looked up by: rows older than the window of
# events are taken out again, so that neither grows with the archive.
story_traits = sa.Table(
    "story_traits",
    metadata,
    sa.Column("article", ID, sa.ForeignKey("article.id"), primary_key=True, autoincrement=False),
    _time("seen", index=True),
    # When it was published, else seen: what the window of events is measured by.
    _time("at"),
    sa.Column("traits", sa.JSON, nullable=False),
)

# A key's articles that were first seen in one period of three days since 1970, rising: four bytes each, lowest first.
story_key = sa.Table(
    "story_key",
    metadata,
    sa.Column("value", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("period", sa.Integer, primary_key=True, autoincrement=False, index=True),
    sa.Column("articles", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The newest headlines of each source, from which the marks of its house are learnt.
headlines = sa.Table(
    "headlines",
    metadata,
    sa.Column("source", Words, primary_key=True),
    sa.Column("titles", sa.JSON, nullable=False),
    sa.ForeignKeyConstraint(["source"], ["source.id"]),
)

# Which story was merged into which, in the order in which it was: ``story.merged_into`` knows the last word only.
story_merge = _table(
    "story_merge",
    _ref("story", "story", index=True),
    _ref("into", "story", index=True),
    # NULL: by a version that did not write it down.
    _time("at", null=True),
)

# What an article was judged by, as far as it cannot be read from other tables afterwards: see ``bot.replaying``.
look = _table(
    "look",
    _time("at", index=True),
    _ref("article", "article", index=True),
    # The number of the article's version, and the story that its own had been merged into by then.
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("story", ID, nullable=False),
    # Since when the rules, and the configuration, had been those in force. NULL: they were never written down.
    _time("rules_at", null=True),
    _time("config_at", null=True),
    # The newest alert and the newest merge that it could know of.
    sa.Column("alerts", ID, nullable=False),
    sa.Column("merges", ID, nullable=False),
    sa.Column("held", sa.JSON, nullable=False),
    # Holds words of news.
    info={"of body": "article"},
)

decision = _table(
    "decision",
    _ref("article", "article", index=True),
    _text("rule", null=True),
    _text("destination", null=True),
    _text("verdict"),
    _text("reason"),
    _time("at", index=True),
    # What it was made from. Without a foreign key: it may be gone before, and SQLite cannot add one.
    sa.Column("look", ID, nullable=True),
)

alert = _table(
    "alert",
    _ref("story", "story"),
    _text("destination"),
    _text("kind"),
    # The fact that must be told only once; see ``alerts.trigger``.
    _text("trigger"),
    _ref("article", "article", index=True),
    _text("severity"),
    _time("at", index=True),
    # What the article brought that the story did not hold; NULL: nothing, or told by an older version.
    sa.Column("news", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("look", ID, nullable=True),
    sa.UniqueConstraint("story", "destination", "kind", "trigger"),
)

alert_rule = sa.Table(
    "alert_rule",
    metadata,
    sa.Column("alert", ID, sa.ForeignKey("alert.id"), primary_key=True, autoincrement=False),
    sa.Column("rule", Words, primary_key=True, index=True),
)

digest_run = _table(
    "digest_run",
    _text("digest"),
    sa.Column("local_date", sa.Date, nullable=False),
    _text("recipient"),
    _time("window_from"),
    _time("window_to"),
    sa.Column("frozen", sa.LargeBinary, nullable=False),
    _text("message_id"),
    _time("at"),
    # The newest mention it knows of. Mentions are written one transaction after the other, so that their ids tell
    # what an issue can have seen; their times do not.
    sa.Column("upto", ID, nullable=False, server_default="0"),
    # The same for the newest row of ``story_news``; NULL in issues of older versions.
    sa.Column("news_upto", ID, nullable=True),
    sa.UniqueConstraint("digest", "local_date", "recipient"),
)

delivery = _table(
    "delivery",
    _text("uid"),
    _ref("alert", "alert", null=True, index=True),
    _ref("digest_run", "digest_run", null=True),
    _ref("story", "story", null=True),
    _ref("root", "delivery", null=True, index=True),
    _text("destination"),
    _text("op"),
    _count("revision"),
    _text("state"),
    _count("attempt"),
    _count("look_ups"),
    _text("owner", null=True),
    _count("fence"),
    _time("lease_until", null=True),
    _time("not_before"),
    _text("channel_id", null=True),
    _text("ts", null=True),
    _text("thread_ts", null=True),
    _text("payload_kind"),
    sa.Column("payload", sa.JSON, nullable=False),
    _flag("minimal_only"),
    _flag("may_repeat"),
    _text("error", null=True),
    _time("created_at"),
    _time("first_tried_at", null=True),
    _time("sent_at", null=True),
    # An alert that may share a message with others, and the message in which it does. Without a foreign key: SQLite
    # cannot add one to a table that is there.
    _flag("may_group"),
    sa.Column("grouped_in", ID, nullable=True, index=True),
    # When the message was found to be gone: somebody has deleted it.
    _time("gone_at", null=True),
    sa.UniqueConstraint("uid", "op", "revision"),
    sa.Index(None, "state", "destination"),
    sa.Index(
        "ix_delivery_story",
        "story",
        sqlite_where=sa.text("story IS NOT NULL"),
        postgresql_where=sa.text("story IS NOT NULL"),
    ),
    sa.Index(
        "ix_delivery_groupable",
        "destination",
        "state",
        # As the query says it, or SQLite does not use it.
        sqlite_where=sa.text("may_group = 1"),
        postgresql_where=sa.text("may_group"),
    ),
    sa.Index(
        "ix_delivery_groups",
        "destination",
        "created_at",
        sqlite_where=sa.text("payload_kind = 'group'"),
        postgresql_where=sa.text("payload_kind = 'group'"),
    ),
)

# Messages that were in doubt once: their channel is looked through for second copies when they are ``due`` – None while
# the message itself is not there. A look that failed is repeated; who looks puts it off for as long as that may take.
doubt = sa.Table(
    "doubt",
    metadata,
    sa.Column("delivery", ID, sa.ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    _time("due", null=True, index=True),
    _count("looks"),
    _count("failures"),
    _count("fence"),
)

# Second copies that were found, by the name that the service gives each message, and what has become of them.
duplicate = sa.Table(
    "duplicate",
    metadata,
    sa.Column("delivery", ID, sa.ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    sa.Column("ts", Words, primary_key=True),
    _text("channel_id"),
    _text("fate"),
    _text("error", null=True),
    _time("found_at"),
    _time("done_at", null=True),
)

# How many stories each theme, entity and rule had in every hour: what is usual is told without reading mentions.
volume_hour = sa.Table(
    "volume_hour",
    metadata,
    sa.Column("kind", Words, primary_key=True),
    sa.Column("subject", Words, primary_key=True),
    sa.Column("hour", Moment, primary_key=True),
    _count("stories"),
    _count("articles"),
    sa.Index(None, "kind", "hour"),
)

# Which stories these are: each counts once for a subject, with the article and the source that brought it first.
volume_story = sa.Table(
    "volume_story",
    metadata,
    sa.Column("kind", Words, primary_key=True),
    sa.Column("subject", Words, primary_key=True),
    sa.Column("story", ID, sa.ForeignKey("story.id"), primary_key=True, autoincrement=False),
    _ref("article", "article"),
    _text("source"),
    _time("at"),
    sa.Index(None, "kind", "subject", "at"),
    sa.Index(None, "story"),
    sa.Index(None, "article"),
)

# What stood out and was told: one row for each message, whatever number of destinations it went to.
spike = _table(
    "spike",
    _text("kind"),
    _text("subject"),
    # The day (UTC) on which it was told: no subject is told of twice on one.
    sa.Column("day", sa.Date, nullable=False),
    _time("at", index=True),
    # The hour up to which it has been found to last.
    _time("seen_at"),
    _time("ended_at", null=True, index=True),
    sa.Column("content", sa.JSON, nullable=False),
    sa.UniqueConstraint("kind", "subject", "day"),
)

mute = _table(
    "mute",
    _text("kind"),
    _text("value"),
    _text("destination", null=True),
    _text("author"),
    _text("comment"),
    _time("created_at"),
    _time("expires_at", index=True),
    _time("ended_at", null=True),
)

# Articles that were removed whole: salted hashes of their keys and words, so that nobody takes them for new.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    _time("at"),
    sqlite_with_rowid=False,
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", Words, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    _time("at", null=True),
)

# What processes of a cluster know of each other; in a database of one process these three stay empty.
# Who is the clock: ``fence`` counts up with each that becomes it, so that one that slept finds that it is no longer.
lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", Words, primary_key=True),
    _text("owner"),
    sa.Column("fence", sa.BigInteger, nullable=False),
    _time("since"),
    _time("until"),
)

process = sa.Table(
    "process",
    metadata,
    sa.Column("id", Words, primary_key=True),
    _text("kind"),
    _text("host"),
    sa.Column("pid", sa.BigInteger, nullable=False),
    _text("version"),
    _text("rules"),
    sa.Column("queues", sa.JSON, nullable=False),
    _time("started_at"),
    _time("seen_at"),
)

# When the next request of its kind may go out, whichever process sends it.
bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("key", Words, primary_key=True),
    _time("free_at"),
)
