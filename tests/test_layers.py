"""The import rules of the house, read from the source: who may know whom, and who may touch the world."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

BOT = Path(__file__).resolve().parent.parent / "bot"

# Lower rooms first. A module may import from its own room and from lower layers only; rooms that share a
# layer are blind to each other unless CHAIN orders them.
LAYERS = (
    {"errors", "packaged"},
    {"model"},
    {"batching", "folding", "tomlfile", "logs", "pulse", "supervisor"},
    {"text"},
    {"search", "rights"},
    {"config", "rules", "match", "extract", "stories", "alerts", "net"},
    {"ingest", "store", "deliver"},
    {"moves", "remembered"},
    {"desk", "joining", "looking", "news", "placing", "retelling", "volume", "watched"},
    {"arrivals", "expected", "grouping", "heartbeat", "overflow", "sweeping"},
    {"sidelines"},
    {
        "lane",
        "gathering",
        "fulltext",
        "reload",
        "reconfigure",
        "outgo",
        "digests",
        "purging",
        "troubles",
        "surroundings",
    },
    {"owners"},
    {
        "intake",
        "impact",
        "applying",
        "counterexample",
        "backtest",
        "revisions",
        "nearmisses",
        "explain",
        "resend",
        "adding",
        "checking",
        "importing",
        "notices",
        "outlook",
        "spikes",
    },
    {"hindsight", "replaying"},
    {"pipeline", "health", "senders", "judging"},
    {"app", "watch"},
    {"scheduler", "cli", "interact", "web", "cluster"},
)
PURE = ("rules", "match", "extract", "stories", "alerts")
CHAIN = {room: set(PURE[:place]) for place, room in enumerate(PURE)}
SAME_LAYER = {"cli": {"scheduler", "web", "cluster"}, "cluster": {"scheduler"}, **CHAIN}
BORDER_BLIND = {"ingest", "store", "deliver"}
WORLD = {"os", "io", "socket", "pathlib", "shutil", "subprocess", "logging", "structlog", "sqlite3", "asyncio", "time"}
# The one reader of the rules folder: everything else in the pure rooms takes text.
READERS = {"bot/rules/files.py", "bot/rules/folder.py"}
SOCKETS = {"socket", "aiohttp", "slack_sdk", "aiosmtplib", "smtplib", "http", "urllib.request", "ssl"}
SOCKET_ROOMS = {"net", "deliver", "interact", "web", "supervisor"}


def room_of(path: Path) -> str:
    relative = path.relative_to(BOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def modules() -> list[Path]:
    return sorted(path for path in BOT.rglob("*.py") if "_data" not in path.parts)


def name(path: Path) -> str:
    return "bot/" + path.relative_to(BOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> set[str]:
    """Every imported module by its full dotted name, those inside functions and TYPE_CHECKING included."""
    package = ["bot", *path.relative_to(BOT).parts[:-1]]
    return {used for node in ast.walk(tree(path)) for used in named_by(node, package)}


def named_by(node: ast.AST, package: list[str]) -> set[str]:
    """What an import statement in a module of the package names: modules, and what may be modules, in full."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if not isinstance(node, ast.ImportFrom):
        return set()
    base = package[: len(package) - node.level + 1] if node.level else []
    module = ".".join([*base, *([node.module] if node.module else [])])
    return {module, *(f"{module}.{alias.name}" for alias in node.names)}


def run_at_import(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a module that run while it is imported; those only type checkers read are left out."""
    found = []
    for node in body:
        if isinstance(node, ast.If):
            checked = "TYPE_CHECKING" in ast.unparse(node.test)
            found += run_at_import(node.orelse if checked else [*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            handled = [statement for handler in node.handlers for statement in handler.body]
            found += run_at_import([*node.body, *handled, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            found += run_at_import(node.body)
        else:
            found.append(node)
    return found


def eager_imports(path: Path) -> set[str]:
    """The modules that have to be imported before this one is: by full dotted name, packages above it left out."""
    package = ["bot", *path.relative_to(BOT).parts[:-1]]
    statements = run_at_import(tree(path).body)
    used = {module for node in statements for module in named_by(node, package)}
    return used - {".".join(package[:depth]) for depth in range(1, len(package) + 1)}


def dotted(path: Path) -> str:
    return ".".join(["bot", *path.relative_to(BOT).with_suffix("").parts]).removesuffix(".__init__")


def circle(graph: dict[str, set[str]]) -> list[str]:
    """A way round in the graph, its first node repeated at the end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def rooms_used(path: Path) -> set[str]:
    return {parts[1] for used in imports(path) if len(parts := used.split(".")) > 1 and parts[0] == "bot"} & all_rooms()


def all_rooms() -> set[str]:
    return {room_of(path) for path in modules()}


def layer(room: str) -> int:
    return next(place for place, rooms in enumerate(LAYERS) if room in rooms)


def test_every_module_has_a_room_in_the_plan():
    planned = set().union(*LAYERS) | {"__init__", "__main__"}
    assert {name(path) for path in modules() if room_of(path) not in planned} == set()


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) not in {"__init__", "__main__"}], ids=name)
def test_imports_go_down_only(path):
    room = room_of(path)
    allowed = set().union(*LAYERS[: layer(room)]) | {room} | SAME_LAYER.get(room, set())
    if room in BORDER_BLIND:
        allowed -= set(PURE)
    assert rooms_used(path) - allowed == set()


def test_no_module_needs_itself_to_be_imported():
    graph = {dotted(path): eager_imports(path) for path in modules()}
    assert len(graph) > 300
    assert circle({module: used & graph.keys() for module, used in graph.items()}) == []


def test_a_circle_of_imports_is_found():
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    checked = (
        "if TYPE_CHECKING:\n    import a\nelse:\n    import b\ntry:\n    import c\nexcept ImportError:\n    import d\n"
    )
    late = "def load():\n    import e\n"
    statements = run_at_import(ast.parse(checked + late).body)
    assert {used for node in statements for used in named_by(node, ["bot"])} == {"b", "c", "d"}


@pytest.mark.parametrize(
    "path", [p for p in modules() if room_of(p) in {*PURE, "model", "errors", "text", "search"}], ids=name
)
def test_pure_rooms_do_not_touch_the_world(path):
    used = {module.split(".")[0] for module in imports(path)} & WORLD
    if name(path) in READERS:
        used -= {"pathlib", "os"}
    assert used == set()


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) != "store"], ids=name)
def test_sql_stays_in_the_store(path):
    assert {module.split(".")[0] for module in imports(path)} & {"sqlalchemy", "alembic", "sqlite3", "psycopg"} == set()


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) not in SOCKET_ROOMS], ids=name)
def test_sockets_stay_at_their_borders(path):
    assert imports(path) & SOCKETS == set()


def attribute_uses(path: Path) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.datetime.now", "dt.datetime.now"}


@pytest.mark.parametrize("path", [p for p in modules() if name(p) != "bot/app.py"], ids=name)
def test_one_clock(path):
    assert attribute_uses(path) & CLOCKS == set()


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) not in {"config", "cli"}], ids=name)
def test_one_reader_of_the_environment(path):
    assert attribute_uses(path) & {"os.environ", "os.getenv", "os.environb"} == set()
