"""What may stand in ``config.toml``: one model per table. Keys for later versions are read and checked now.

What a key is for stands under it; docs/configuration.md is filled from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from bot.model import Severity, SourceKind, Tier  # noqa: TC001 (pydantic reads them at run time)
from bot.tomlfile.durations import between
from bot.tomlfile.models import Id, Line, Many, Mistake, Table

from .kinds import (
    LOOPBACK,
    Address,
    ClockTime,
    Day,
    EnvName,
    Excerpt,
    Headers,
    HeaderText,
    HeaderVariables,
    Hidden,
    Hours,
    Ids,
    Lang,
    Lifetime,
    Listen,
    MailHost,
    OneOrMore,
    Proxy,
    Reachable,
    Seconds,
    SlackUrl,
    Url,
    WayOut,
    Zone,
)
from .values import TLS_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SOURCE_PLACES = {"feed": "url", "folder": "path", "sitemap": "url"}
TARGETS = {"slack": "channel", "console": "", "webhook": "url_env", "feed": "path", "apprise": "url_env"}
# Read by programs, which count what they get: every alert by itself.
PROGRAMS = ("webhook", "feed")
GROUP_KEYS = {"group_over", "group_wait", "group_interval"}


def _targets(what: str, kind: str, wanted: str, keys: Sequence[str], raw: Mapping[str, object]) -> Iterator[Mistake]:
    """``wanted`` of ``keys`` must be there, the others must not."""
    for key in keys:
        if key != wanted and key in raw:
            yield Mistake(f'has {key}, which a {what} of kind "{kind}" does not have', "remove it, or mend kind")
    if wanted and wanted not in raw:
        yield Mistake(f"has no {wanted}", f'add {wanted} = "…"')


class DatabaseTable(Table):
    """``[database]``."""

    url: Line | None = None
    """A SQLite file (`sqlite:///var/presswatch.db`) or a PostgreSQL database (`postgresql://host/name`); without it
    `presswatch.db` in `data_dir`. A password is refused here, unless only you can read the file.
    """


class NetworkTable(Table):
    """``[network]``."""

    user_agent: HeaderText | None = None
    """How requests introduce themselves; without it `Presswatch/` and the version."""
    user_agent_env: EnvName | None = None
    """The variable that holds it."""
    contact: HeaderText | None = None
    """Whom a site's owner may write to; added to the User-Agent."""
    proxy: Proxy | None = None
    """The HTTP proxy that feeds are fetched and Slack is spoken to through. It then decides what can be reached."""
    proxy_env: EnvName | None = None
    """The variable that holds the proxy's address, as `http://user:password@host:port` if it asks for a password.
    While it is not set nothing is fetched or sent: commands that would end with exit code 2.
    """
    ca_file: Line | None = None
    """Certificates to trust besides the usual ones, in PEM form."""
    allow: Annotated[Many[Reachable], OneOrMore] = ()
    """What may be fetched although it is no public address on port 80 or 443: hosts, `host:port`, address ranges."""
    deadline: Annotated[Seconds, between("1s", "10m")] = 30.0
    """The time one request may take in all, from looking up the name to the last byte."""


class SlackTable(Table):
    """``[slack]``."""

    token_env: EnvName = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a variable)
    """The variable that holds the bot's token (`xoxb-…`)."""
    token_file: Line | None = None
    """A file that holds it."""
    token: Hidden = None
    """The token itself; refused, unless only you can read the configuration (mode 0600)."""
    app_token_env: EnvName | None = None
    """The variable that holds the app-level token (`xapp-…`), for buttons in messages."""
    app_token_file: Line | None = None
    """A file that holds it."""
    app_token: Hidden = None
    """That token itself; refused like `token`."""
    base_url: SlackUrl | None = None
    """Another server than Slack's, for testing; without https only on this machine."""


class MailTable(Table):
    """``[mail]``."""

    host: MailHost
    """The relay: an SMTP server that takes mail for others."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    username_env: EnvName | None = None
    """The variable that holds the user name; without name and password there is no login."""
    username_file: Line | None = None
    """A file that holds it."""
    password_env: EnvName | None = None
    """The variable that holds the password."""
    password_file: Line | None = None
    """A file that holds it."""
    password: Hidden = None
    """The password itself; refused, unless only you can read the configuration (mode 0600)."""
    starttls: bool = True
    """Whether STARTTLS has to encrypt the connection before anything is said; port 465 is encrypted from the start."""
    sender: Annotated[Address, Field(alias="from")]
    """The address that mail comes from."""
    unsubscribe: WayOut | None = None
    """Where readers ask for no more of it: `mailto:…` or `https://…`, in each mail's `List-Unsubscribe` and at its end.
    Without it they write to `from`. Somebody has to read that: Presswatch takes nobody off a list by itself.
    """

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A password goes over a safe connection only; name and password go together."""
        keys = {key.partition("_")[0] for key in raw if key.startswith(("username", "password"))}
        local = raw.get("host") in LOOPBACK
        if keys and raw.get("starttls") is False and raw.get("port") != TLS_PORT and not local:
            yield Mistake("would send the password over an open connection", "remove starttls = false, or use port 465")
        if len(keys) == 1:
            lacking = ({"username", "password"} - keys).pop()
            yield Mistake(f"has no {lacking}", f'add {lacking}_env = "…"')


class OpsTable(Table):
    """``[ops]``: who hears of dead sources, held queues and rejected rules."""

    notify: Ids = ()
    """The destinations that are told; each need not be a default one."""
    owners: bool = True
    """Where there is `[mail]`: whether a rule's `owner` is mailed, if that is an address, once for each fault of it."""


class SourceTable(Table):
    """``[[source]]``."""

    id: Id
    """The source's name in commands and in the database. Keep it when the address changes: it is what the
    articles belong to.
    """
    kind: SourceKind = "feed"
    """`feed` (RSS, Atom or JSON Feed), `sitemap` (a news sitemap, or a site's list of sitemaps) or `folder` (text,
    Markdown and HTML files).
    """
    url: Url | None = None
    """The address of the feed or the sitemap."""
    path: Line | None = None
    """The folder."""
    name: Line | None = None
    """How alerts call it; without it the host or the folder."""
    tier: Tier = "outlet"
    """How close it is to the fact; rules can ask for a tier."""
    lang: Lang | None = None
    """The language, where the feed does not say."""
    every: Annotated[Seconds, between("1m", "24h")] | None = None
    """How often to look: obeyed as it stands, but never more often than feed and server ask, and more often for a week
    after a possible gap. Without it a feed is polled by its own rhythm, between every 5 minutes and once an hour, and a
    folder every minute.
    """
    headers: Annotated[Headers, Field(default_factory=dict)]
    """Sent with every request. Secrets belong into `auth_env` or `headers_env`; here they are refused like a token."""
    headers_env: Annotated[HeaderVariables, Field(default_factory=dict)]
    """Headers whose values are held by variables, as in `{ "X-Api-Key" = "WIRE_KEY" }`; sent like `auth_env`."""
    auth_env: EnvName | None = None
    """The variable that holds the Authorization: `user:password`, a bare token, or `Scheme credentials`. It is sent to
    the host of `url` only, and over http only if `allow` under `[network]` names that host.
    """
    auth_file: Line | None = None
    """A file that holds it."""
    fulltext: bool = False
    """Read the page behind each new item, where robots.txt allows it, and match the whole article. Not for folders;
    needs the extra: `pip install 'presswatch[fulltext]'`.
    """
    alerts: bool = True
    """`false`: store and match, but tell nobody."""
    excerpt: Excerpt | None = None
    """How many characters of an article's text may be shown in one message, where its publisher sets a limit; `"none"`:
    not a single one. What is left out is marked, and said. Headlines are shown all the same.
    """
    retention: Annotated[Seconds, between("1d", "36500d")] | None = None
    """How long the texts of this source are kept; without it as long as `bodies` in `[retention]` says."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A feed has an address, a folder a path."""
        kind = raw.get("kind", "feed")
        if isinstance(kind, str) and kind in SOURCE_PLACES:
            yield from _targets("source", kind, SOURCE_PLACES[kind], ("url", "path"), raw)
        if kind == "folder" and raw.get("fulltext") is True:
            yield Mistake("has fulltext, but its files are whole articles already", "remove it")


class DestinationTable(Table):
    """``[[destination]]``."""

    id: Id
    """The destination's name, by which rules, routes and commands call it."""
    kind: Literal["slack", "console", "webhook", "feed", "apprise"]
    """`slack`, `console`, `webhook`, `feed`, or `apprise` for ntfy, Teams, Matrix, Telegram and many more."""
    channel: Line | None = None
    """Slack's channel: its name or, better, its id (`C…`), which survives renaming."""
    url_env: EnvName | None = None
    """The variable that holds the address of a webhook, or Apprise's url of a service."""
    secret_env: EnvName | None = None
    """The variable that holds the secret which a webhook's requests are signed with."""
    path: Line | None = None
    """The file of a feed of our own: Atom, or RSS (`.rss`), or JSON Feed (`.json`)."""
    quiet: Hours | None = None
    """Hours in which nothing is sent; what falls into them is sent afterwards."""
    zone: Zone | None = None
    """The time zone of `quiet`; without it UTC."""
    max_per_hour: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many alerts an hour at most: replies beyond it wait for the digest, and a note says how many. What opens a
    story, what corrects it, and what is `high` or `urgent`, goes out all the same.
    """
    repeat: Annotated[Seconds, between("0s", "30d")] = 0.0
    """For how long after a message on a story nothing further is told of it because of the same rule; it stands in the
    digest. A correction, what is `high` or `urgent`, and what another rule matches is told all the same. A rule's own
    `repeat` goes before it.
    """
    group_over: Annotated[int, Field(ge=1, le=100_000)] = 20
    """If more alerts of `low` and `normal` severity than this wait, they go out as one message, a line each. Not for
    webhooks and feeds.
    """
    group_wait: Annotated[Seconds, between("0s", "1h")] = 0.0
    """How long an alert of `low` or `normal` severity waits for others. Not for webhooks and feeds."""
    group_interval: Annotated[Seconds, between("0s", "24h")] = 300.0
    """For how long after such a message further alerts of these severities wait, so that they can go out together, too.
    Not for webhooks and feeds.
    """
    default: bool = True
    """Whether it gets what no rule and no route sends elsewhere."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """Each kind has its own way of saying where to."""
        kind = raw.get("kind")
        if isinstance(kind, str) and kind in TARGETS:
            yield from _targets("destination", kind, TARGETS[kind], ("channel", "url_env", "path"), raw)
        if "zone" in raw and "quiet" not in raw:
            yield Mistake("has a zone and no quiet hours", 'add quiet = "22:00-07:00", or remove zone')
        if isinstance(raw.get("quiet"), str) and len({*str(raw["quiet"]).split("-")}) == 1:
            yield Mistake("is quiet all day", "remove the destination, or give other hours")
        if kind in PROGRAMS:
            for key in GROUP_KEYS & raw.keys():
                yield Mistake(f"has {key}, but a {kind} gets every alert by itself", "remove it", key=key)
        if kind != "webhook" and "secret_env" in raw:
            yield Mistake(f'has secret_env, which a destination of kind "{kind}" does not have', "remove it")


class RouteTable(Table):
    """``[[route]]``."""

    theme: Id | None = None
    """Only alerts of this theme."""
    rule: Id | None = None
    """Only alerts of this rule."""
    severity: Severity | None = None
    """Only alerts of this severity."""
    notify: Ids
    """The destinations that get what meets every condition given."""
    go_on: Annotated[bool, Field(alias="continue")] = False
    """Whether the next routes are tried as well; without it the first that fits is the last."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A route leads somewhere."""
        if raw.get("notify") == []:
            yield Mistake("notifies nobody", 'add notify = ["…"] with the id of a destination')


class DigestTable(Table):
    """``[[digest]]``."""

    id: Id
    """The digest's name in commands and in the database."""
    to: Annotated[Many[Line], OneOrMore]
    """Who gets it: mail addresses and ids of destinations. Each gets an issue of its own."""
    themes: Ids = ()
    """What it tells of: stories of these themes and `rules`; of everything, if neither is given."""
    rules: Ids = ()
    """Stories of these rules, whatever their theme."""
    at: ClockTime = "07:30"
    """The local time from which the day's issue is due."""
    zone: Zone = "UTC"
    """The time zone of `at`, by its IANA name."""
    days: Many[Day] = ("mon", "tue", "wed", "thu", "fri")
    """The days on which there is an issue."""
    empty: Literal["heartbeat", "skip"] = "heartbeat"
    """What a day without stories brings: one line (`heartbeat`) or nothing (`skip`)."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A digest has readers and days."""
        if raw.get("to") == []:
            yield Mistake("has no recipient", 'add to = ["…"] with a mail address or the id of a destination')
        if raw.get("days") == []:
            yield Mistake("has no day", 'remove days, or add days = ["mon"]')


class RetentionTable(Table):
    """``[retention]``: how long things are kept, in seconds. What is older is removed once a day."""

    bodies: Annotated[Seconds, between("1d", "36500d")] = 400 * 86400.0
    """How long the texts of articles are kept, from when they were first seen. Titles stay, and so do the sentences in
    which rules matched, as far as the source's `excerpt` allows.
    """
    decisions: Annotated[Seconds, between("1d", "36500d")] = 400 * 86400.0
    """How long it is kept why something was alerted or not, and how each poll went."""
    articles: Lifetime = None
    """How long whole articles are kept, with their titles, stories, alerts and messages; `"never"` removes none. A
    story goes when nothing has come to it for so long, and never before the texts and decisions of its articles.
    """


class WebTable(Table):
    """``[web]``: what the running service shows of itself."""

    listen: Listen | None = None
    """Where it answers to `/healthz`, `/readyz` and `/metrics`: `host:port`, or `unix:` and a socket's path. Without it
    nowhere. Whoever reaches it can read how many articles and messages there are, and the ids of destinations and
    digests.
    """


class TopTable(Table):
    """The keys outside any table."""

    data_dir: Line | None = None
    """The folder of the database, its backups and digests. It is made if it does not exist."""
    rules: Line | None = None
    """The folder of rules; without it `rules` beside the file, else the rules that come with Presswatch."""
