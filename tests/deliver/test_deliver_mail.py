"""The mail sender, against a real relay and against one that fails at every step."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from relay import AUTHORITY, FaultyRelay, relay

from bot.config import Mail, Secret
from bot.deliver.mail import MailSender
from bot.deliver.mail_classify import classify, fault, missing, refused
from bot.model import Delivered, Delivery, Destination, Held, Later, LookUp, RefusedPayload, Unknown

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DESK = Destination(id="mailto:desk@example.org", kind="mail", target="desk@example.org", default=False)
FROZEN = (
    b"From: presswatch@example.org\r\nTo: desk@example.org\r\nSubject: Morning\r\nMessage-ID: <1@example.org>\r\n"
    b"\r\nFirst line.\r\n.\r\n..two dots\r\n.one dot\r\nLast line.\r\n"
)


def sender(port, *, host="localhost", deadline=5.0, ca_file=AUTHORITY, still_mine=None, **more):
    more = {"starttls": False, **more}
    mail = Mail(host=host, port=port, sender="presswatch@example.org", **more)
    hooks = {"still_mine": still_mine} if still_mine else {}
    return MailSender(mail, [DESK], now=lambda: NOW, ca_file=ca_file, deadline=deadline, **hooks)


def delivery(destination=DESK.id, frozen=FROZEN):
    return Delivery(id=1, uid="u", destination=destination, op="post", payload={}, frozen=frozen, kind="digest")


def hushed(**more):
    return {"username": "user", "password": Secret("hush"), **more}


# ── a real relay ─────────────────────────────────────────────────────────────────────────────────


async def test_the_frozen_bytes_arrive_as_they_are_in_one_envelope():
    async with relay() as there:
        assert await sender(there.port).send(delivery()) == Delivered()
    (taken,) = there.taken
    assert (taken.sender, taken.recipients) == ("presswatch@example.org", ["desk@example.org"])
    assert taken.content == FROZEN
    assert taken.options == [f"SIZE={len(FROZEN)}"]


async def test_the_same_bytes_go_out_at_every_attempt():
    async with relay() as there:
        out = sender(there.port)
        await out.send(delivery())
        await out.send(delivery())
    assert [taken.content for taken in there.taken] == [FROZEN, FROZEN]


async def test_bare_line_ends_and_a_missing_last_one_are_those_of_mail():
    async with relay() as there:
        await sender(there.port).send(delivery(frozen=b"Subject: a\n\nb\rc\n.\nd"))
    assert there.taken[0].content == b"Subject: a\r\n\r\nb\r\nc\r\n.\r\nd\r\n"


async def test_starttls_comes_before_anything_is_said():
    async with relay(tls=True, auth=("user", "hush")) as there:
        assert await sender(there.port, starttls=True, **hushed()).send(delivery()) == Delivered()
    (taken,) = there.taken
    assert (taken.user, taken.tls, taken.content) == ("user", True, FROZEN)


async def test_a_port_that_is_encrypted_from_the_start(monkeypatch):
    async with relay(implicit=True) as there:
        monkeypatch.setattr("bot.config.values.TLS_PORT", there.port)
        assert await sender(there.port).send(delivery()) == Delivered()


async def test_a_password_goes_to_this_machine_openly():
    async with relay(auth=("user", "hush")) as there:
        assert await sender(there.port, **hushed()).send(delivery()) == Delivered()
    assert there.taken[0].user == "user"


async def test_a_wrong_password_holds_the_queue_and_names_the_remedy():
    async with relay(tls=True, auth=("user", "other")) as there:
        outcome = await sender(there.port, starttls=True, **hushed()).send(delivery())
    assert isinstance(outcome, Held)
    assert "535" in outcome.reason
    assert "user name and password" in outcome.reason
    assert "hush" not in outcome.reason


async def test_a_relay_that_asks_for_a_sign_in_holds_the_queue():
    async with relay(auth=("user", "hush")) as there:
        outcome = await sender(there.port).send(delivery())
    assert isinstance(outcome, Held)
    assert "user name and password" in outcome.reason


async def test_a_relay_that_takes_no_password_holds_the_queue():
    async with relay() as there:
        outcome = await sender(there.port, **hushed()).send(delivery())
    assert isinstance(outcome, Held)
    assert there.taken == []


async def test_a_relay_without_starttls_gets_nothing():
    async with relay() as there:
        outcome = await sender(there.port, starttls=True, **hushed()).send(delivery())
    assert isinstance(outcome, Held)
    assert "STARTTLS" in outcome.reason
    assert there.taken == []


@pytest.mark.parametrize("more", [{"ca_file": None}, {"host": "127.0.0.2"}])
async def test_a_certificate_that_nobody_vouches_for_gets_nothing(more):
    async with relay(tls=True) as there:
        outcome = await sender(there.port, starttls=True, **more).send(delivery())
    if "host" in more:  # nobody listens there: the name is checked only where somebody does
        assert isinstance(outcome, Later)
    else:
        assert isinstance(outcome, Held)
        assert "certificate" in outcome.reason
        assert "ca_file" in outcome.reason
    assert there.taken == []


async def test_one_refused_recipient_is_nobody_elses_trouble():
    other = Destination(id="mailto:gone@example.org", kind="mail", target="gone@example.org", default=False)
    async with relay() as there:
        there.refuse["gone@example.org"] = "550 5.1.1 no such user"
        mail = Mail(host="localhost", port=there.port, sender="presswatch@example.org", starttls=False)
        out = MailSender(mail, [DESK, other], now=lambda: NOW)
        gone = await out.send(delivery(other.id))
        assert await out.send(delivery()) == Delivered()
    assert isinstance(gone, RefusedPayload)
    assert "no such user" in gone.reason


async def test_a_relay_that_does_not_send_for_us_holds_the_queue():
    async with relay() as there:
        there.refuse["desk@example.org"] = "554 5.7.1 relay access denied"
        outcome = await sender(there.port).send(delivery())
    assert isinstance(outcome, Held)
    assert "[mail]" in outcome.reason


async def test_nothing_is_sent_once_another_worker_has_the_row():
    async def no(_delivery):
        return False

    async with relay() as there:
        assert isinstance(await sender(there.port, still_mine=no).send(delivery()), Later)
    assert there.taken == []


async def test_an_address_that_is_no_longer_configured_is_held():
    assert isinstance(await sender(1).send(delivery("mailto:other@example.org")), Held)


async def test_nobody_can_look_into_a_mailbox():
    answer = await sender(1).look_up(DESK, [delivery()])
    assert (answer.possible, answer.repeatable_once, answer.found) == (False, True, {})
    assert answer != LookUp(possible=False)


# ── what relays may do; every step × every fault: test_deliver_smtp.py ────────────────────────────


@pytest.mark.parametrize("how", ["hang", "close"])
async def test_a_relay_that_stops_reading_a_long_message_has_not_got_the_dot(how):
    async with FaultyRelay(at="body", how=how) as faulty:
        big = FROZEN + (b"y" * 70 + b"\r\n") * 200_000
        outcome = await sender(faulty.port, deadline=0.6).send(delivery(frozen=big))
    assert isinstance(outcome, Later)


async def test_an_answer_to_the_dot_that_means_nothing_leaves_doubt():
    async with FaultyRelay(at="dot", how="354 what?") as faulty:
        assert isinstance(await sender(faulty.port).send(delivery()), Unknown)


@pytest.mark.parametrize("step", ["connect", "rcpt"])
async def test_what_is_no_smtp_is_said_to_be_none(step):
    async with FaultyRelay(at=step, how="HTTP/1.1 400 Bad Request") as faulty:
        outcome = await sender(faulty.port).send(delivery())
    assert isinstance(outcome, Later)
    assert "spoke no SMTP" in outcome.reason
    assert ("check host and port" in outcome.reason) == (step == "connect")


async def test_an_old_relay_is_greeted_in_the_old_way():
    async with FaultyRelay(at="ehlo", how="502 what?", times=1) as faulty:
        assert await sender(faulty.port).send(delivery()) == Delivered()
        assert [line.split()[0] for line in faulty.commands] == ["EHLO", "HELO", "MAIL", "RCPT", "DATA", "QUIT"]


async def test_a_farewell_that_nobody_answers_undoes_nothing():
    async with FaultyRelay(at="quit", how="hang") as faulty:
        faulty.extensions = ()
        assert await sender(faulty.port).send(delivery()) == Delivered()


async def test_nobody_there():
    async with FaultyRelay() as faulty:
        port = faulty.port
    outcome = await sender(port).send(delivery())
    assert isinstance(outcome, Later)
    assert "host and port in [mail]" in outcome.reason
    assert "Connection refused" in outcome.reason or "Connect call failed" in outcome.reason


async def test_a_host_that_does_not_exist():
    outcome = await sender(25, host="relay.invalid").send(delivery())
    assert isinstance(outcome, Later)
    assert "cannot be reached" in outcome.reason


async def test_the_relays_words_are_shown_harmless_and_short():
    async with FaultyRelay(at="rcpt", how="550 5.1.1 \x1b[31mred \u202e" + "z" * 900) as faulty:
        outcome = await sender(faulty.port).send(delivery())
    assert "\x1b" not in outcome.reason
    assert "\u202e" not in outcome.reason
    assert len(outcome.reason) < 300


@pytest.mark.parametrize(
    ("step", "code", "says", "kind"),
    [
        ("mail", 552, "5.3.4 too big", RefusedPayload),
        ("mail", 550, "5.1.8 bad sender", Held),
        ("mail", 530, "5.7.0 sign in first", Held),
        ("rcpt", 550, "5.7.1 denied", Held),
        ("rcpt", 550, "5.1.1 unknown", RefusedPayload),
        ("data", 554, "5.7.1 not from you", Held),
        ("dot", 554, "5.7.1 looks like spam", RefusedPayload),
        ("dot", 451, "4.7.1 greylisted", Later),
        ("auth", 454, "4.7.0 later", Later),
        ("auth", 535, "5.7.8 wrong", Held),
        ("connect", 554, "no service", Held),
        ("starttls", 454, "not now", Later),
    ],
)
def test_replies(step, code, says, kind):
    assert type(classify(refused(step, code, says))) is kind


def test_what_a_person_must_mend_names_the_remedy():
    for outcome in (
        classify(refused("mail", 550, "5.1.8 no")),
        classify(refused("auth", 535, "no")),
        classify(missing("starttls", "the relay offers no STARTTLS", "use port 465")),
    ):
        assert ": " in outcome.reason
        assert isinstance(outcome, Held)


def test_a_lost_connection_says_where():
    assert "RCPT TO" in classify(fault("rcpt", ConnectionResetError())).reason


# ── doctor ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_good_relay_passes_every_check_and_gets_nothing():
    async with relay(tls=True, auth=("user", "hush")) as there:
        found = await sender(there.port, starttls=True, **hushed()).check(DESK)
    assert [(finding.name, finding.state) for finding in found] == [
        ("mail relay", "ok"),
        ("mail security", "ok"),
        ("mail sign-in", "ok"),
    ]
    assert there.taken == []


async def test_one_look_does_for_all_recipients():
    async with FaultyRelay() as faulty:
        out = sender(faulty.port)
        first, second = await out.check(DESK), await out.check(DESK)
    assert (first, faulty.connections) == (second, 1)
    assert [line.split()[0] for line in faulty.commands] == ["EHLO", "NOOP", "QUIT"]


@pytest.mark.parametrize(
    ("offer", "want", "name"),
    [
        ({}, {"starttls": True}, "mail security"),
        ({"tls": True}, {"starttls": True, "ca_file": None}, "mail security"),
        ({"auth": ("user", "x")}, hushed(), "mail sign-in"),
        ({}, hushed(), "mail sign-in"),
    ],
)
async def test_what_a_check_finds_has_its_name_and_its_remedy(offer, want, name):
    async with relay(**offer) as there:
        out = sender(there.port, **want)
        (found,) = await out.check(DESK)
        tried = await out.try_out(DESK)
    assert (found.name, found.state) == (name, "fail")
    assert found.remedy
    assert str(there.port) in found.detail
    assert tried.detail == "not tried: see above"


async def test_a_test_message_is_a_mail():
    from email import message_from_bytes

    async with relay() as there:
        finding = await sender(there.port).try_out(DESK)
    assert finding.state == "ok"
    message = message_from_bytes(there.taken[0].content)
    assert (message["From"], message["To"]) == ("presswatch@example.org", "desk@example.org")
    assert message["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"


async def test_a_test_message_that_is_refused_says_so():
    async with relay() as there:
        there.refuse["desk@example.org"] = "550 5.1.1 no such user"
        finding = await sender(there.port).try_out(DESK)
    assert finding.state == "fail"
    assert finding.remedy


def test_the_certificates_of_the_tests_are_there():
    assert Path(AUTHORITY).exists()
