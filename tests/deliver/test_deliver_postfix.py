"""The mail sender against a real Postfix: what arrives in a mailbox is the mail that was written."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from postfix import postfix
from relay import AUTHORITY

from bot import pipeline
from bot.app import open_desk
from bot.config import Mail, load
from bot.deliver.mail import MailSender
from bot.model import Delivered, Delivery, Destination, RefusedPayload

pytestmark = pytest.mark.server

NOW = datetime(2023, 8, 28, 12, tzinfo=UTC)
RULES = '[[rule]]\nid = "tariffs"\ntitle = "Tariffs"\nany = ["tariff", "关税"]\n'
ARTICLE = "---\ntitle: {}\nurl: https://news.example/{}\n---\n{}\n"
# Events of their own, so that each is a story of its own.
ARTICLES = {
    "Tariff on kettles falls": "The tariff on kettles falls in May, and shops in the north have ordered twice as many.",
    "关税下调：<b>&</b> “quoted”": "财政部宣布下调婴儿奶粉的关税。",
    ".dot first": "A tariff of one peso is asked at the bridge of Ronda since the rains took the ferry away.",
}


@pytest.fixture(scope="module")
def there():
    with postfix() as started:
        yield started


def sender(there, address="desk@example.org"):
    mail = Mail(host="localhost", port=there.port, sender="presswatch@example.org")
    to = Destination(id=f"mailto:{address}", kind="mail", target=address, default=False)
    return MailSender(mail, [to], now=lambda: NOW, ca_file=AUTHORITY), to


def config(folder, there):
    (folder / "rules").mkdir()
    (folder / "rules" / "rules.toml").write_text(RULES)
    (folder / "seeds").mkdir()
    for number, (headline, text) in enumerate(ARTICLES.items()):
        (folder / "seeds" / f"{number}.txt").write_text(ARTICLE.format(headline, number, text))
    (folder / "config.toml").write_text(
        f'[network]\nca_file = "{AUTHORITY}"\n[mail]\nhost = "localhost"\nport = {there.port}\n'
        'from = "presswatch@example.org"\n[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\nalerts = false\n'
        '[[digest]]\nid = "morning"\nto = "desk@example.org"\n'
    )
    return load(folder / "config.toml", {}, folder)


async def test_a_digest_arrives_whole_over_a_safe_connection(there, tmp_path):
    before = len(there.arrived(0))
    clock = [NOW]
    async with open_desk(config(tmp_path, there), clock=lambda: clock[0]) as desk:
        await pipeline.reload_rules(desk)
        await pipeline.ingest_due(desk)
        clock[0] = NOW.replace(day=29)
        await pipeline.send_digests(desk)
        assert (await pipeline.deliver_due(desk)).digests == 1
    raw = there.arrived(before + 1)[-1]
    message = message_from_bytes(raw, policy=default)
    assert message.defects == []
    assert [len(message.get_all(name, [])) for name in ("From", "To", "Subject", "Date", "Message-ID")] == [1] * 5
    assert message["From"].addresses[0].addr_spec == "presswatch@example.org"
    assert message["To"].addresses[0].addr_spec == "desk@example.org"
    assert message["Message-ID"].strip("<>").endswith("@example.org")
    assert message["Date"].datetime == clock[0]
    assert message["Return-Path"] == "<presswatch@example.org>"
    assert "with ESMTPS" in message["Received"]
    assert message.get_content_type() == "multipart/alternative"
    text, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for headline in ("Tariff on kettles falls", "关税下调", ".dot first"):
        assert headline in text
        assert headline in page
    assert "<b>&</b>" in text
    assert "<b>&</b>" not in page
    assert all(byte < 128 for byte in raw)
    assert max(len(line) for line in raw.splitlines()) <= 998


async def test_the_bytes_are_not_changed_on_the_way(there):
    out, to = sender(there)
    before = len(there.arrived(0))
    frozen = (
        b"From: presswatch@example.org\r\nTo: desk@example.org\r\nDate: Mon, 28 Aug 2023 12:00:00 +0000\r\n"
        b"Message-ID: <same@example.org>\r\nSubject: s\r\n\r\n.\r\n..\r\n.a\r\n\r\nFrom the start\r\n"
    )
    row = Delivery(id=1, uid="u", destination=to.id, op="post", payload={}, frozen=frozen)
    for _ in range(2):
        assert await out.send(row) == Delivered()
    for raw in there.arrived(before + 2)[before:]:
        body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
        assert body == b".\n..\n.a\n\nFrom the start\n"
        assert message_from_bytes(raw)["Message-ID"] == "<same@example.org>"


async def test_a_recipient_that_is_not_there_is_refused_with_the_reason(there):
    out, to = sender(there, "nobody@example.org")
    outcome = await out.send(Delivery(id=1, uid="u", destination=to.id, op="post", payload={}, frozen=b"S: s\r\n\r\n"))
    assert isinstance(outcome, RefusedPayload)
    assert "550" in outcome.reason


async def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(there):
    out, to = sender(there)
    frozen = b"Subject: s\r\n\r\n" + (b"x" * 70 + b"\r\n") * 4_000
    outcome = await out.send(Delivery(id=1, uid="u", destination=to.id, op="post", payload={}, frozen=frozen))
    assert isinstance(outcome, RefusedPayload)
    assert "552" in outcome.reason


async def test_doctor_finds_nothing_to_mend(there):
    out, to = sender(there)
    before = len(there.arrived(0))
    assert {finding.state for finding in await out.check(to)} == {"ok"}
    assert (await out.try_out(to)).state == "ok"
    assert b"Subject: Presswatch test message" in there.arrived(before + 1)[-1]
