"""The import rules of the house, read from the source: who may know whom, and who may touch the world."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).resolve().parent.parent / "bot"

# Lower rooms first. A module may import from its own room and from lower layers only; rooms that share a
# layer are blind to each other unless CHAIN orders them.
LAYERS = (
    {"errors", "packaged"},
    {"model"},
    {"batching", "folding", "tomlfile", "logs"},
    {"text"},
    {"search", "rights"},
    {"config", "rules", "match", "extract", "stories", "alerts", "net"},
    {"ingest", "store", "deliver"},
    {"moves", "remembered"},
    {"desk", "joining", "news", "placing", "retelling", "volume", "watched"},
    {"arrivals", "expected", "grouping", "overflow"},
    {"lane", "gathering", "fulltext", "reload", "outgo", "digests", "purging", "troubles", "surroundings"},
    {"intake", "impact", "explain", "resend", "adding", "checking", "importing", "notices", "outlook", "spikes"},
    {"pipeline", "health", "senders"},
    {"app"},
    {"scheduler", "cli", "interact", "web", "cluster"},
)
PURE = ("rules", "match", "extract", "stories", "alerts")
CHAIN = {room: set(PURE[:place]) for place, room in enumerate(PURE)}
SAME_LAYER = {"cli": {"scheduler"}, **CHAIN}
BORDER_BLIND = {"ingest", "store", "deliver"}
WORLD = {"os", "io", "socket", "pathlib", "shutil", "subprocess", "logging", "structlog", "sqlite3", "asyncio", "time"}
# The one reader of the rules folder: everything else in the pure rooms takes text.
READERS = {"bot/rules/files.py", "bot/rules/folder.py"}
SOCKETS = {"socket", "aiohttp", "slack_sdk", "aiosmtplib", "smtplib", "http", "urllib.request", "ssl"}
SOCKET_ROOMS = {"net", "deliver", "interact", "web"}


def room_of(path: Path) -> str:
    relative = path.relative_to(BOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def modules() -> list[Path]:
    return sorted(path for path in BOT.rglob("*.py") if "_data" not in path.parts)


def name(path: Path) -> str:
    return "bot/" + path.relative_to(BOT).as_posix()


def imports(path: Path) -> set[str]:
    """Every imported module by its full dotted name, those inside functions and TYPE_CHECKING included."""
    package = ["bot", *path.relative_to(BOT).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return found


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
    tree = ast.parse(path.read_text("utf-8"))
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.datetime.now", "dt.datetime.now"}


@pytest.mark.parametrize("path", [p for p in modules() if name(p) != "bot/app.py"], ids=name)
def test_one_clock(path):
    assert attribute_uses(path) & CLOCKS == set()


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) not in {"config", "cli"}], ids=name)
def test_one_reader_of_the_environment(path):
    assert attribute_uses(path) & {"os.environ", "os.getenv", "os.environb"} == set()
