"""Every step of a conversation with a mail relay × everything that can go wrong there, and what the outbox makes of it.

A digest for two addresses waits in a real outbox, the relay listens on loopback. It fails once, while the mail to the
first address is under way, and is in good order ever after: then each address has its mail once. Twice, byte for byte
the same, only where the answer to the final dot was lost; not at all only where the outbox says so.
"""

import sqlite3
from collections import Counter
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta

import pytest
from relay import ALL_STEPS, AUTHORITY, FaultyRelay

from bot import outgo
from bot.app import open_desk
from bot.config import load
from bot.deliver.mail import MailSender
from bot.model import Window
from bot.store import Store, digests, outbox

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADDRESSES = ("a@example.org", "b@example.org")
OFFERS = ("SIZE 1000000", "STARTTLS", "AUTH PLAIN")
DATABASE = "presswatch.db"
CONFIG = """
[network]
ca_file = "{authority}"
[mail]
host = "localhost"
port = {port}
from = "presswatch@example.org"
username_env = "MAIL_USER"
password_file = "password"
[[source]]
id = "wire"
kind = "folder"
path = "wire"
[[digest]]
id = "morning"
to = ["a@example.org", "b@example.org"]
"""
# What one can hear at each step.
HEARD = {
    "4xx": "451 4.3.0 later",
    "5xx": "550 5.3.0 no",
    "garbage": "\x16\x03\x01 what",
    "hang": "hang",
    "close": "close",
    "reset": "reset",
}
# Rarer things; they are all the same but at the beginning and at the end.
RARE = {"421": "421 4.3.2 closing", "no such code": "999 what", "half": "250-half an answer"}
SAID = HEARD | RARE
SILENT = {SAID["hang"], SAID["half"]}
DEFINITE = {"4xx", "421", "5xx"}
# Who refuses here refuses everybody's mail until somebody mends it; the others this one mail.
FOR_A_PERSON = {"connect", "ehlo", "starttls", "ehlo again", "auth", "mail"}


def expected(step, heard):
    """The row's state after the attempt: before the final dot nothing was taken, only an answer to it is definite."""
    if step == "quit":
        return "sent"
    # Nobody can refuse by a line in the midst of a message or a handshake: it is noise there.
    if heard == "5xx" and step not in ("body", "handshake"):
        return "held" if step in FOR_A_PERSON else "sent"  # the mail is tried a second time at once
    if step == "body" or (step == "dot" and heard not in DEFINITE):
        return "unknown"
    return "pending"


def frozen(address):
    return f"From: presswatch@example.org\r\nTo: {address}\r\nMessage-ID: <1@example.org>\r\n\r\nNews\r\n".encode()


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """A database in which the digest is frozen and queued for both addresses."""
    path = tmp_path_factory.mktemp("evening") / DATABASE
    store = Store(f"sqlite:///{path}")
    store.open()
    with store.write() as tx:
        queue(tx)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return path.read_bytes()


def configuration(folder, port):
    (folder / "wire").mkdir()
    (folder / "password").write_text("hush")
    (folder / "password").chmod(0o600)
    (folder / "config.toml").write_text(CONFIG.format(authority=AUTHORITY, port=port))
    return load(folder / "config.toml", {"MAIL_USER": "user"}, folder)


def queue(tx):
    for address in ADDRESSES:
        to = f"mailto:{address}"
        run = digests.freeze(
            tx,
            digest="morning",
            recipient=to,
            window=Window(day=date(2026, 3, 2), zone="UTC", begin=NOW - timedelta(days=1), end=NOW),
            upto=0,
            frozen=frozen(address),
            message_id="<1@example.org>",
            at=NOW,
        )
        outbox.enqueue(tx, uid=to, alert=None, destination=to, op="post", payload={}, at=NOW, digest_run=run)


class Outbox:
    """The queue of an open desk and its two addresses."""

    def __init__(self, desk, clock):
        self.desk, self.clock = desk, clock

    async def deliver(self, *addresses):
        for destination in self.desk.config.destinations:
            if destination.target in (addresses or ADDRESSES):
                await outgo.deliver_to(self.desk, destination)

    async def later(self):
        """A quarter of an hour: longer than lease, back-off and settling."""
        self.clock[0] += timedelta(minutes=15)
        await self.deliver()

    def row(self, address):
        with closing(sqlite3.connect(self.desk.config.data_dir / DATABASE)) as database:
            query = "SELECT state, may_repeat, error FROM delivery WHERE destination = ?"
            return database.execute(query, (f"mailto:{address}",)).fetchone()


@asynccontextmanager
async def opened(folder, database, relay):
    """The outbox of a desk whose mail goes to ``relay``."""
    (folder / "var").mkdir()
    (folder / "var" / DATABASE).write_bytes(database)
    clock = [NOW]
    async with open_desk(configuration(folder, relay.port), clock=lambda: clock[0]) as desk:
        mail, destinations = desk.config.mail, desk.config.destinations
        # Noise in the midst of a letter leaves both sides waiting for each other, too.
        deadline = 1.0 if relay.how in SILENT or relay.at == "body" else 20.0
        desk.senders["mail"] = MailSender(mail, destinations, now=desk.now, ca_file=AUTHORITY, deadline=deadline)
        yield Outbox(desk, clock)


def copies(relay):
    """How many letters came whole, by address, each the frozen one."""
    for letter in relay.got:
        assert letter.removesuffix(b".\r\n") in {frozen(address) for address in ADDRESSES}
    return Counter(address for address in ADDRESSES for letter in relay.got if address.encode() in letter)


CASES = [(step, heard) for step in ALL_STEPS for heard in HEARD]
CASES += [(step, heard) for step in ("connect", "dot") for heard in RARE]


@pytest.mark.parametrize(("step", "heard"), CASES, ids=[f"{step}-{heard}" for step, heard in CASES])
async def test_each_address_has_its_mail_once_and_twice_only_where_nobody_knows(evening, tmp_path, step, heard):
    times = 2 if (heard, step[:4]) == ("5xx", "ehlo") else 1  # who refuses EHLO is greeted again with HELO
    async with (
        FaultyRelay(at=step, how=SAID[heard], times=times, extensions=OFFERS) as relay,
        opened(tmp_path, evening, relay) as box,
    ):
        await box.deliver("a@example.org")
        while not relay.met:  # on a busy machine a second may be over before the step is reached
            box.clock[0] += timedelta(minutes=15)
            await box.deliver("a@example.org")
        state, may_repeat, error = box.row("a@example.org")
        assert (relay.met, state, may_repeat) == (times, expected(step, heard), False)
        assert state == "sent" or error.isprintable()
        await box.later()
        if state == "held":
            assert not copies(relay)["a@example.org"]
            await outgo.resume_held(box.desk)
        await box.later()
        await box.later()
        assert [box.row(address)[0] for address in ADDRESSES] == ["sent", "sent"]
        assert box.row("a@example.org")[1] == (state == "unknown"), "what may have come twice is marked"
    taken = copies(relay)
    taken["a@example.org"] -= step == "dot" and heard in DEFINITE  # it came, and was refused
    assert taken == {"a@example.org": 2 if (step, state) == ("dot", "unknown") else 1, "b@example.org": 1}


@pytest.mark.parametrize("heard", HEARD)
async def test_trouble_with_one_address_is_nobody_elses(evening, tmp_path, heard):
    async with (
        FaultyRelay(at="RCPT TO:<a@example.org>", how=SAID[heard], extensions=OFFERS) as relay,
        opened(tmp_path, evening, relay) as box,
    ):
        for _ in range(3):
            await box.later()
        state, may_repeat, error = box.row("a@example.org")
        assert (state, may_repeat) == ("dead" if heard == "5xx" else "pending", False)
        assert "RCPT TO" in error
        assert box.row("b@example.org")[0] == "sent"
    assert copies(relay) == {"b@example.org": 1}


@pytest.mark.parametrize("heard", [heard for heard in SAID if heard not in DEFINITE])
async def test_what_stays_in_doubt_is_sent_twice_and_then_says_so(evening, tmp_path, heard):
    async with (
        FaultyRelay(at="dot", how=SAID[heard], extensions=OFFERS) as relay,
        opened(tmp_path, evening, relay) as box,
    ):
        for _ in range(4):
            await box.later()
        for address in ADDRESSES:
            state, may_repeat, error = box.row(address)
            assert (state, may_repeat) == ("dead", True)
            assert "not sent a third time" in error
    assert copies(relay) == {"a@example.org": 2, "b@example.org": 2}


async def test_while_nobody_listens_everything_waits(evening, tmp_path):
    relay = FaultyRelay(extensions=OFFERS)
    async with relay:
        pass
    async with opened(tmp_path, evening, relay) as box:
        for _ in range(3):
            await box.later()
        assert [box.row(address)[:2] for address in ADDRESSES] == [("pending", 0)] * 2
        assert "cannot be reached" in box.row("a@example.org")[2]
