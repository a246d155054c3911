"""The network and the accounts: tables that may refer to secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import __version__
from bot.tomlfile.models import Mistake

from .kinds import LONGEST_SOCKET, listening, proxy_fault
from .models import MailTable, NetworkTable, SlackTable, WebTable
from .secret import Unusable
from .values import Listen, Mail, Network, Slack

if TYPE_CHECKING:
    from bot.errors import Fault

    from .secret import Secret
    from .tables import Tables


LISTEN_ENV = "PRESSWATCH_LISTEN"
LITERALS = (("slack", "token"), ("slack", "app_token"), ("mail", "password"))


def refuse_literals(tables: Tables) -> None:
    """Secrets written into the file, whatever else is wrong with their tables."""
    for section, name in LITERALS:
        table = tables.file.data.get(section)
        if isinstance(table, dict) and name in table:
            remedy = f"put it into an environment variable named in {name}_env, and renew it if others could read it"
            tables.refuse_literal((section, name), "stands in a file that others can read", remedy)


def network(tables: Tables) -> Network:
    """``[network]``, with a name to call ourselves by."""
    table = tables.table("network", NetworkTable) or NetworkTable()
    if table.proxy and urlsplit(table.proxy).password:
        tables.refuse_literal(
            ("network", "proxy"), "holds a password", "put it into a variable and name that in proxy_env"
        )
    ca_file = tables.path(table.ca_file) if table.ca_file else None
    if ca_file and not ca_file.is_file():
        tables.fault(("network", "ca_file"), f'"ca_file": there is no file {ca_file}', "mend or remove it")
    proxy = _proxy(tables, table)
    return Network(
        user_agent=_user_agent(tables, table) or f"Presswatch/{__version__}",
        contact=table.contact,
        proxy=proxy,
        closed=_closed(tables, table.proxy_env) if table.proxy_env and not proxy else None,
        ca_file=ca_file,
        allow=table.allow,
        deadline=table.deadline,
    )


def _user_agent(tables: Tables, table: NetworkTable) -> str | None:
    found = _named(tables, "user_agent_env", table.user_agent_env) if not table.user_agent else None
    return found.reveal() if found else table.user_agent


def _proxy(tables: Tables, table: NetworkTable) -> str | None:
    """The proxy's address, out of the file or, with its password, out of the environment."""
    found = _found(tables, "proxy_env", table.proxy_env) if not table.proxy else None
    if found is None:
        return table.proxy
    if reason := proxy_fault(found.reveal()):
        remedy = "write it like http://user:password@proxy.example.org:3128"
        tables.fault(("network", "proxy_env"), f'what "proxy_env" names {reason}', remedy)
    return found.reveal()


def _closed(tables: Tables, variable: str) -> Fault:
    """Requests that went out without the wanted proxy would show who asks for what; so none goes."""
    return tables.file.fault(
        ("network", "proxy_env"),
        f"the environment variable {variable} is not set, so the proxy is not known and nothing goes out",
        "set it where Presswatch runs, for a service in its unit, or remove proxy_env",
        subject="[network]",
    )


def _named(tables: Tables, key: str, variable: str | None) -> Secret | None:
    """What the variable under ``key`` of ``[network]`` holds; said where it is not set."""
    found = _found(tables, key, variable)
    if variable and not found:
        tables.lacks("[network]", variable)
    return found


def _found(tables: Tables, key: str, variable: str | None) -> Secret | None:
    try:
        return tables.vault.find(env=variable)
    except Unusable as error:
        tables.fault(("network", key), f'"{key}" {error}', "mend what it refers to")
        return None


def slack(tables: Tables) -> Slack:
    """``[slack]``, with its tokens where they were found."""
    table = tables.table("slack", SlackTable) or SlackTable()
    return Slack(
        token=_secret(tables, "slack", "token", table),
        token_env=table.token_env,
        app_token=_secret(tables, "slack", "app_token", table),
        base_url=table.base_url,
    )


def mail(tables: Tables) -> Mail | None:
    """``[mail]`` with user name and password where they were found; None if it is not there or has mistakes."""
    table = tables.table("mail", MailTable)
    if table is None:
        return None
    username = _secret(tables, "mail", "username", table)
    password = _secret(tables, "mail", "password", table)
    for name, found in (("username", username), ("password", password)):
        variable = getattr(table, f"{name}_env")
        if variable and not found:
            tables.lacks("[mail]", variable)
    return Mail(
        host=table.host,
        port=table.port,
        username=username.reveal() if username else None,
        password=password,
        starttls=table.starttls,
        sender=table.sender,
        unsubscribe=table.unsubscribe,
    )


def _secret(tables: Tables, section: str, name: str, table: SlackTable | MailTable) -> Secret | None:
    """The secret behind ``name``, ``name_env`` or ``name_file``."""
    literal, env, file = (getattr(table, key, None) for key in (name, f"{name}_env", f"{name}_file"))
    try:
        return tables.vault.find(env=env, file=file, literal=literal)
    except Unusable as error:
        key = f"{name}_file" if file else f"{name}_env"
        tables.fault((section, key), f'"{key}" {error}', "mend what it refers to")
        return None


def listen(tables: Tables) -> Listen | None:
    """Where ``[web]`` or the environment lets the service answer; None for nowhere."""
    table = tables.table("web", WebTable)
    named = tables.environ.get(LISTEN_ENV)
    said = named or (table.listen if table else None)
    if not said:
        return None
    try:
        place = listening(said)
    except Mistake as mistake:
        tables.fault_in_environment(LISTEN_ENV, str(mistake), mistake.remedy)
        return None
    if isinstance(place, tuple):
        return Listen(said=said, host=place[0], port=place[1])
    path = (tables.cwd / place).resolve() if named else tables.path(place)
    if len(str(path).encode()) > LONGEST_SOCKET:
        tables.fault(("web", "listen"), f'"listen": {path} is too long for a socket', "name a shorter path")
    return Listen(said=said, path=path)
