"""Digests as files: whole or not at all, and the same however often they are written."""

import pytest

from bot.deliver import file
from bot.deliver.file import FileSender, write
from bot.model import Delivered, Delivery, Destination, Held, Later, RefusedPayload

FOLDER = Destination(id="file:digests", kind="file", target="digests", default=False)
MAIL = (
    b'MIME-Version: 1.0\r\nSubject: Morning\r\nContent-Type: multipart/alternative; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5Lit576O\r\n"
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<p>=E4=B8=AD=E7=BE=8E</p>\r\n--x--\r\n"
)


def delivery(name="daily-2026-03-02", frozen=MAIL):
    payload = {"full": {"name": name} if name else {}, "minimal": {}}
    return Delivery(id=1, uid="uid-1", destination=FOLDER.id, op="post", payload=payload, frozen=frozen, kind="digest")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


async def test_an_issue_becomes_a_page_a_text_and_a_mail(tmp_path):
    folder = tmp_path / "var" / "digests"
    assert await FileSender(folder).send(delivery()) == Delivered()
    assert names(folder) == [f"daily-2026-03-02.{ending}" for ending in ("eml", "html", "txt")]
    assert "<p>中美</p>" in (folder / "daily-2026-03-02.html").read_text("utf-8")
    assert (folder / "daily-2026-03-02.txt").read_text("utf-8").strip() == "中美"
    assert (folder / "daily-2026-03-02.eml").read_bytes() == MAIL


async def test_written_again_it_is_the_same_and_nothing_is_left_over(tmp_path):
    out = FileSender(tmp_path)
    await out.send(delivery())
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    await out.send(delivery())
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


async def test_it_is_never_in_doubt(tmp_path):
    answer = await FileSender(tmp_path).look_up(FOLDER, [delivery()])
    assert (answer.complete, answer.possible, answer.found) == (True, True, {})


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", ".hidden", "a/b\\c:d|e", "o'neil@b.org", ""])
async def test_no_name_leads_out_of_the_folder(tmp_path, name):
    folder = tmp_path / "digests"
    assert await FileSender(folder).send(delivery(name)) == Delivered()
    assert names(tmp_path) == ["digests"]
    assert len(names(folder)) == 3
    assert not any(each.startswith(".") for each in names(folder))


async def test_a_row_without_bytes_is_refused(tmp_path):
    assert isinstance(await FileSender(tmp_path).send(delivery(frozen=None)), RefusedPayload)


async def test_a_folder_that_takes_nothing_keeps_the_issue_for_later(tmp_path):
    (tmp_path / "digests").write_text("in the way")
    out = FileSender(tmp_path / "digests")
    outcome = await out.send(delivery())
    assert isinstance(outcome, Later)
    assert "data_dir" in outcome.reason
    (finding,) = await out.check(FOLDER)
    assert (finding.state, bool(finding.remedy)) == ("fail", True)


async def test_a_folder_that_may_not_be_written_to_is_for_a_person_to_mend(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(file, "write", refuse)  # the tests may run as root, whom nothing is refused
    assert isinstance(await FileSender(tmp_path).send(delivery()), Held)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    write(tmp_path, "daily", MAIL)
    before = (tmp_path / "daily.html").read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path, "daily", MAIL.replace(b"<p>", b"<b>"))
    assert (tmp_path / "daily.html").read_bytes() == before
    assert len(names(tmp_path)) == 3


async def test_a_check_leaves_nothing_behind(tmp_path):
    out = FileSender(tmp_path / "digests")
    assert [finding.state for finding in (*await out.check(FOLDER), await out.try_out(FOLDER))] == ["ok", "ok"]
    assert names(tmp_path / "digests") == []
