"""Folders of text files, in whatever shape they come."""

import fcntl
import os
import random
import socket
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAFeed, Unreadable
from bot.ingest import seeds, unfinished
from bot.ingest.faults import MOST, Faults
from bot.ingest.files import articles_in
from bot.ingest.shape import front_matter, markdown, mend
from bot.ingest.workers import ParserPool
from bot.model import Source

BODY = "The minister met the envoy on Monday. “We will go on talking about export controls with everybody,” she said.\n\nMore followed."
CLEAN = f"""---
title: "Talks on chips"
url: https://a.example/talks?utm_source=x
source: The Example
published: 2023-08-28T09:30:00-04:00
language: en
---
{BODY}
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def source(path, **changes):
    return Source(id="seeds", kind="folder", name="Seeds", path=os.fspath(path), **changes)


def load(folder):
    """Read the folder; a reader that hangs on a file fails the test instead of stopping all of them."""
    found = []
    reading = threading.Thread(target=lambda: found.append(seeds.poll(source(folder))), daemon=True)
    reading.start()
    reading.join(20)
    assert not reading.is_alive(), "the folder was still being read after 20 s"
    return found[0]


# ── the shape ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "- Advertisement -",
        "Story continues below advertisement",
        "广告",
        "00:50 The minister arrives in Beijing The minister arrives in Beijing",
        "1:02:03 The minister arrives in Beijing",
        "The envoy speaks after the talks The envoy speaks after the talks",
        "01:56 美国商务部长访华 美国商务部长访华",
        "Photo: Example Agency",
        "Commerce Minister Anna Example",
        "We will go on talking about export controls with everybody Anna Example",
        "We will go on talking about export controls with everybody — Anna van Example",
        "we will go on talking about export controls with everybody",
        "More followed.",
    ],
)
def test_what_is_no_part_of_the_article_goes(line):
    assert mend(f"{BODY}\n\n{line}\n\nThe end.") == f"{BODY}\n\nThe end."
    assert mend(f"{BODY}\n{line}\n\nThe end.") == f"{BODY}\n\nThe end." or "advert" not in line.lower()


@pytest.mark.parametrize(
    "line",
    [
        "He said the Advertisement Act would be changed.",
        "Advertisement spending fell by a tenth",
        "09:30 The minister arrived and was met by the envoy.",
        "What comes next",
        "The minister said nothing else.",
        "The talks, the talks.",
        "We will go on talking about export controls with nobody Anna Example",
        "Talks on export controls",
        "Secretary of a club for chess, he left",
        "Commerce Minister Anna Example resigned on Monday.",
        "“We will go on talking about export controls with everybody.”",
    ],
)
def test_what_is_part_of_it_stays(line):
    assert mend(f"{BODY}\n\n{line}\n\nThe end.") == f"{BODY}\n\n{line}\n\nThe end."


def test_a_pull_quote_before_its_paragraph_goes_and_the_paragraph_stays():
    quote = "We will go on talking about export controls with everybody Anna Example"
    assert mend(f"{quote}\n\n{BODY}") == BODY


def test_a_chinese_pull_quote_goes():
    body = "部长说：“双方将继续就出口管制问题保持沟通。”\n\n会谈随后结束。"
    assert mend(f"{body}\n\n双方将继续就出口管制问题保持沟通 李明") == body


def test_wrapped_lines_are_joined_and_long_lines_are_paragraphs():
    assert mend("The minister\nmet  the envoy.\n\nThen she\nleft.") == "The minister met the envoy.\n\nThen she left."
    assert mend("中美商务部门\n同意成立工作组。") == "中美商务部门同意成立工作组。"
    long = "The talks went on for an hour longer than planned, and afterwards both sides praised them in words that said little or nothing at all. "
    assert mend(f"{long}\nshort.").split("\n\n") == [long.strip(), "short."]


@given(st.text(alphabet="ab Z.\n:01“”中，-", max_size=200))
def test_mending_twice_changes_nothing_more_in_the_end(text):
    once = mend(text)
    assert once == once.strip()
    assert "\n\n\n" not in once
    assert set("".join(once.split())) <= set(text)


def test_front_matter():
    found = front_matter("\ufeff\n---\nTitle: 'A: b'\nurl:\n# note\n---\ntext\n---\nmore")
    assert found.values == {"title": "A: b", "url": ""}
    assert found.text == "text\n---\nmore"


@pytest.mark.parametrize(
    "text", ["no fence", "---\n\nA rule, then prose: more.\n\n---\nx", "--- \n", "", "a\n---\nb\n---"]
)
def test_no_front_matter(text):
    found = front_matter(text)
    assert (found.values, found.text, found.fault) == ({}, text, "")


@pytest.mark.parametrize(
    ("text", "line", "values", "rest"),
    [
        pytest.param("---\ntitle: A\nText here.", 1, {"title": "A"}, "Text here.", id="never closed"),
        pytest.param("\n\n---\ntitle: A\n\nnote: b", 3, {"title": "A"}, "\nnote: b", id="never closed, further down"),
        pytest.param("---\ntitle Talks\n---\nText.", 2, {}, "title Talks\nText.", id="no colon"),
        pytest.param(
            "---\ntitle: A\n  goes on\nurl: u\n---\nText.",
            3,
            {"title": "A", "url": "u"},
            "  goes on\nText.",
            id="wrapped",
        ),
        pytest.param(
            "---\ntitle: A\n\nProse: one.\n\nTwo here.\n---\nThree.",
            6,
            {"title": "A"},
            "\nProse: one.\n\nTwo here.\n---\nThree.",
            id="closed by a rule of the text",
        ),
        pytest.param(
            "---\nProse here.\nSaid: one.\n---\nx", 2, {}, "Prose here.\nSaid: one.\nx", id="prose between rules"
        ),
    ],
)
def test_broken_front_matter_loses_no_words_and_says_where_it_breaks(text, line, values, rest):
    found = front_matter(text)
    assert (found.values, found.text) == (values, rest)
    assert found.fault.startswith(f"line {line} ")


def test_markdown_marks_go():
    title, text = markdown(
        "# Talks on *chips*\n\n## Part\n> **Export** [controls](https://x) ![img](y)\n- snake_case 2*3*4\n\n---\nend"
    )
    assert title == "Talks on chips"
    assert text.split() == ["Part", "Export", "controls", "snake_case", "2*3*4", "end"]


# ── the folder ───────────────────────────────────────────────────────────────────────────────────


def test_a_clean_file(folder):
    (folder / "a.txt").write_text(CLEAN)
    (article,) = load(folder).articles
    assert (article.title, article.title_derived, article.body) == ("Talks on chips", False, BODY)
    assert (article.key_kind, article.key) == ("url", "https://a.example/talks")
    assert article.published_at == datetime(2023, 8, 28, 13, 30, tzinfo=UTC)
    assert (article.date_origin, article.lang, article.outlet) == ("front matter", "en", "The Example")


def test_a_file_without_anything(folder):
    (folder / "a.txt").write_text(BODY)
    (article,) = load(folder).articles
    assert (article.title, article.title_derived) == ("The minister met the envoy on Monday.", True)
    assert (article.key_kind, article.key) == ("fingerprint", article.fingerprint)
    assert (article.published_at, article.date_origin, article.url) == (None, "unknown", None)


def test_an_edited_file_keeps_its_key_only_with_a_url(folder):
    for name, text in (("a.txt", CLEAN), ("b.txt", BODY + " Extra.")):
        (folder / name).write_text(text)
    before = load(folder).articles
    for name, text in (("a.txt", CLEAN + "\nAdded."), ("b.txt", BODY + " Extra. Added.")):
        (folder / name).write_text(text)
    after = load(folder).articles
    assert before[0].key == after[0].key
    assert before[0].content_hash != after[0].content_hash
    assert before[1].key != after[1].key


def test_order_suffixes_folders_and_what_is_passed_over(folder):
    (folder / "sub").mkdir()
    (folder / ".git").mkdir()
    names = ("b.txt", "a.md", "sub/c.TXT", "README.md", ".hidden.txt", ".git/x.txt", "d.html", "f.HTM", "e", "g.png")
    for name in names:
        (folder / name).write_text(f"Text of {name} here.")
    found = load(folder)
    assert [article.body for article in found.articles] == [
        f"Text of {name} here." for name in ("a.md", "b.txt", "d.html", "f.HTM", "sub/c.TXT")
    ]
    assert found.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(folder, encoding):
    (folder / "a.txt").write_bytes("雷蒙多访华，双方讨论出口管制问题。第二句在这里。".encode(encoding))
    (article,) = load(folder).articles
    assert article.title == "雷蒙多访华，双方讨论出口管制问题。"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b" \n", "there is no text"),
        ("adverts.txt", b"Advertisement\n", "there is no text"),
        ("picture.txt", bytes(range(256)) * 20, "is not text"),
        ("url.txt", b"---\nurl: javascript:x\n---\nText.", "is no web address"),
        ("date.txt", b"---\npublished: 03/04/2023\n---\nText.", "is no date"),
        ("pdf.txt", b"%PDF-1.4\n1 0 obj\n", "is not text"),
        ("open.txt", b"---\ntitle: A\nText.", "open.txt: line 1 opens front matter"),
        ("colon.md", b"---\nurl: https://a.example/1\ntitle A\n---\nText.", 'colon.md: line 3 "title A"'),
    ],
)
def test_a_fault_names_the_file_and_the_rest_goes_on(folder, name, content, says):
    (folder / name).write_bytes(content)
    (folder / "good.txt").write_text(BODY)
    found = load(folder)
    (fault,) = found.faults
    assert fault.startswith(name)
    assert says in fault
    assert BODY in [article.body for article in found.articles]


def test_an_article_with_broken_front_matter_is_read_with_what_is_sound_in_it(folder):
    (folder / "a.md").write_text(f"---\nurl: https://a.example/1\ntitle Talks\n---\n{BODY}")
    found = load(folder)
    (article,) = found.articles
    assert (article.key, article.key_kind) == ("https://a.example/1", "url")
    assert article.body.endswith(BODY)
    assert len(found.faults) == 1


def test_what_is_no_regular_file_is_a_fault_and_never_opened(folder):
    (folder / "good.txt").write_text(BODY)
    os.mkfifo(folder / "p.txt")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "sub/q.md")
    (folder / "link.txt").symlink_to("p.txt")
    os.mkfifo(folder / "ignored")
    found = load(folder)
    assert [article.body for article in found.articles] == [BODY]
    assert [fault.partition(";")[0] for fault in found.faults] == [
        f"{name}: is not a regular file" for name in ("link.txt", "p.txt", "sub/q.md")
    ]


def test_a_socket_in_the_folder_is_a_fault(folder):
    with tempfile.TemporaryDirectory(prefix="pw") as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s.txt")  # a socket's path must be short
        (fault,) = seeds.poll(source(short)).faults
    assert fault.startswith("s.txt: is not a regular file")


def test_a_source_that_is_a_pipe_is_refused(folder):
    os.mkfifo(folder / "p.txt")
    with pytest.raises(Unreadable, match="change the source's path"):
        seeds.poll(source(folder / "p.txt"))


def test_links_that_lead_out_of_the_folder_are_faults(folder):
    outside, inside = folder / "outside", folder / "inside"
    (outside / "sub").mkdir(parents=True)
    (inside / "sub").mkdir(parents=True)
    (outside / "secret.txt").write_text("Not to be read.")
    (inside / "sub/a.txt").write_text(BODY)
    (inside / "pw.txt").symlink_to(outside / "secret.txt")
    (inside / "relative.txt").symlink_to("../outside/secret.txt")
    (inside / "gone.txt").symlink_to(outside / "nowhere.txt")
    (inside / "articles").symlink_to(outside)
    (inside / "device.txt").symlink_to("/dev/null")
    (inside / ".hidden").symlink_to(outside)
    (inside / "other").symlink_to("/dev/null")
    found = load(inside)
    assert [article.body for article in found.articles] == [BODY]
    assert [fault.partition(";")[0] for fault in found.faults] == [
        f"{name}: is a link out of the folder"
        for name in ("articles", "device.txt", "gone.txt", "pw.txt", "relative.txt")
    ]


def test_links_within_the_folder_are_followed_and_so_is_one_to_the_folder(folder):
    real = folder / "real"
    (real / "sub").mkdir(parents=True)
    (real / "sub/a.dat").write_text(BODY)
    (real / "a.txt").symlink_to("sub/a.dat")
    (real / "same").symlink_to("sub")
    (real / "loop.txt").symlink_to("loop.txt")
    (folder / "link").symlink_to(real)
    for path in (real, folder / "link"):
        found = load(path)
        assert [article.body for article in found.articles] == [BODY]
        (fault,) = found.faults
        assert fault.startswith("loop.txt: cannot be read")


def test_of_many_faults_twenty_are_told_and_the_other_files_counted(folder):
    for number in range(25):
        (folder / f"{number:02}.txt").write_text("")
    (folder / "24.txt").write_text("---\nurl: x:y\npublished: soon\n---\n")
    faults = load(folder).faults
    assert len(faults) == 21
    assert [fault.partition(":")[0] for fault in faults[:20]] == [f"{number:02}.txt" for number in range(20)]
    assert faults[20] == "and 5 more files"
    for number in range(21, 25):
        (folder / f"{number}.txt").unlink()
    assert load(folder).faults[20] == "and 1 more file"
    (folder / "20.txt").unlink()
    assert len(load(folder).faults) == 20


def test_more_faults_of_files_already_named_are_counted_as_faults():
    faults = Faults()
    for number in range(MOST + 3):
        faults.add(f"{number // 10}.txt", f"fault {number}")
    faults.add("0.txt", "one more")
    assert faults.sentences()[:2] == ("0.txt: fault 0", "0.txt: fault 1")
    assert faults.sentences()[MOST:] == ("and 1 more file",)
    again = Faults()
    for number in range(MOST + 3):
        again.add("a.txt", f"fault {number}")
    assert again.sentences()[MOST:] == ("and 3 more in these files",)


def test_files_that_cannot_be_read_and_files_that_are_too_long(folder):
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    (folder / "long.txt").write_bytes(b"word " * 700_000)
    faults = load(folder).faults
    assert [fault.partition(":")[0] for fault in faults] == ["gone.txt", "long.txt"]
    assert "cannot be read" in faults[0]
    assert "too long" in faults[1]


def test_the_same_text_twice_is_one_article_and_two_texts_under_one_url_are_a_fault(folder):
    (folder / "a.txt").write_text(CLEAN)
    (folder / "b.txt").write_text(CLEAN)
    assert (len(load(folder).articles), load(folder).faults) == (1, ())
    (folder / "c.txt").write_text(CLEAN + "\nOther.")
    (fault,) = load(folder).faults
    assert "same url as a.txt" in fault


def test_every_file_is_an_article_a_repetition_or_refused_as_it_is(folder):
    for name, body in (("a", BODY), ("b", BODY), ("c", ""), ("d", CLEAN), ("e", CLEAN + "\nOther.")):
        (folder / f"{name}.txt").write_text(body)
    (folder / "f.txt").write_bytes(bytes(range(256)) * 4)
    (folder / "g.txt").symlink_to("/etc/hostname")
    found = seeds.poll(source(folder))
    assert (found.fetched, len(found.articles)) == (7, 2)
    assert sorted(refusal.name for refusal in found.refused) == ["c.txt", "e.txt", "f.txt", "g.txt"]
    assert seeds.poll(source(folder)).refused == found.refused
    (folder / "f.txt").write_bytes(bytes(range(256)) * 5)
    assert len({refusal.key for refusal in (*seeds.poll(source(folder)).refused, *found.refused)}) == 5


def test_a_missing_folder_says_what_to_do(folder):
    with pytest.raises(Unreadable, match="create it, or change the source's path"):
        seeds.poll(source(folder / "nowhere"))


def test_poll_reads_again_only_what_has_changed(folder):
    (folder / "a.txt").write_text(BODY)
    first = seeds.poll(source(folder))
    assert (first.status, len(first.articles), first.fetched) == ("ok", 1, 1)
    again = seeds.poll(source(folder), body_hash=first.body_hash)
    assert (again.status, again.body_hash) == ("unchanged", first.body_hash)
    (folder / "a.txt").rename(folder / "b.txt")
    assert seeds.poll(source(folder), body_hash=first.body_hash).status == "ok"


def test_faults_are_told_until_they_are_mended(folder):
    (folder / "a.txt").write_text("")
    first = seeds.poll(source(folder))
    assert len(first.faults) == 1
    assert seeds.poll(source(folder), body_hash=first.body_hash).faults == first.faults


# ── saved pages ──────────────────────────────────────────────────────────────────────────────────

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Talks on chips – The Gazette</title>
<link rel="canonical" href="https://gazette.example/talks"><meta name="author" content="A. Writer">
<meta property="article:published_time" content="2023-08-28T09:30:00-04:00"></head>
<body><nav>Tariffs China</nav><h1>Talks on <i>chips</i></h1><p>The minister met the envoy.</p><script>x</script></body></html>"""


def test_a_saved_page_is_an_article_with_what_it_says_of_itself(folder):
    (folder / "a.html").write_text(PAGE)
    (article,) = load(folder).articles
    assert (article.title, article.title_derived) == ("Talks on chips", False)
    assert article.body == "Talks on chips\n\nThe minister met the envoy."
    assert (article.url, article.author, article.lang) == ("https://gazette.example/talks", "A. Writer", "en-gb")
    assert article.published_at == datetime(2023, 8, 28, 13, 30, tzinfo=UTC)
    assert (article.date_origin, article.key_kind, article.text_seen) == ("published", "fingerprint", "full")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Only a title</title><p>x", "Only a title"),
        ("<h1>Only a heading</h1><p>x", "Only a heading"),
        ("<title>One thing</title><h1>Another thing</h1><p>x", "One thing"),
        ("<title>\n Two\n lines </title><p>x", "Two lines"),
        ("<title>A &amp;amp; B &lt;b&gt;</title><p>x", "A &amp; B <b>"),
        ("<title></title><p>First sentence. Second.", "First sentence."),
        ("<title>Deep</title>" + "<div>" * 5_000 + "text", "Deep"),
    ],
)
def test_the_headline_of_a_page(folder, html, title):
    (folder / "a.htm").write_text(html)
    assert load(folder).articles[0].title == title


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "there is no text in it"),
        (b"<html><body><script>x</script></body></html>", "there is no text in it"),
        (bytes(range(256)) * 20, "is not text, whatever its name says"),
        (b"x" * 3_000_001, "too long for an article"),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_page_that_cannot_be_read_is_told(folder, body, says):
    (folder / "a.html").write_bytes(body)
    (folder / "good.txt").write_text(BODY)
    found = load(folder)
    (fault,) = found.faults
    assert fault.startswith("a.html: ")
    assert says in fault
    assert (len(found.articles), found.fetched, [refusal.name for refusal in found.refused]) == (1, 2, ["a.html"])


def test_two_pages_with_one_address_are_two_articles(folder):
    (folder / "a.html").write_text(PAGE)
    (folder / "b.html").write_text(PAGE.replace("The minister", "Nobody"))
    found = load(folder)
    assert (len(found.articles), found.faults) == (2, ())


def test_what_a_browser_saves_beside_a_page_is_no_article(folder):
    for name in ("talks_files", "other_files"):
        (folder / name).mkdir()
        (folder / name / "frame.html").write_text(f"<p>Frame of {name}.")
    (folder / "talks.html").write_text(PAGE)
    assert sorted(article.body.partition("\n")[0] for article in load(folder).articles) == [
        "Frame of other_files.",
        "Talks on chips",
    ]


def test_documents_that_are_not_read_are_told_and_other_files_passed_over(folder):
    for name in ("report.pdf", "note.DOCX", "feed.xml", "photo.jpg", "list.csv", "README.pdf", ".hidden.pdf"):
        (folder / name).write_bytes(b"x")
    found = load(folder)
    assert [fault.partition(":")[0] for fault in found.faults] == ["feed.xml", "note.DOCX", "report.pdf"]
    assert found.faults[2] == "report.pdf: .pdf files are not read; save its text as .txt, .md or .html"
    assert (found.fetched, len(found.refused)) == (3, 3)


async def test_pages_of_a_watched_folder_are_read_in_workers(folder):
    (folder / "a.txt").write_text(BODY)
    async with ParserPool() as pool:
        first = await seeds.watch(pool, source(folder))
        assert (len(first.articles), pool.started) == (1, False)
        (folder / "b.html").write_text(PAGE)
        second = await seeds.watch(pool, source(folder), body_hash=first.body_hash)
        assert ([article.title for article in second.articles][1], pool.started) == ("Talks on chips", True)


async def test_a_page_that_stops_its_worker_costs_itself_only(folder):
    (folder / "b.html").write_text("<p>" + "<b>" * 900_000)
    (folder / "c.txt").write_text(BODY)
    async with ParserPool(quick=0.001, wall=0.001) as pool:
        found = await seeds.watch(pool, source(folder))
    assert [article.body for article in found.articles] == [BODY]
    (fault,) = found.faults
    assert fault.startswith("b.html: ")
    assert "was given up; save its text as .txt" in fault


# ── files that are still being written ───────────────────────────────────────────────────────────

NEVER_ASKED = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")
def test_a_file_that_is_open_for_writing_is_left_for_the_next_poll(folder):
    (folder / "done.txt").write_text(BODY)
    with (folder / "slow.txt").open("w") as writer:
        writer.write("Half a sent")
        writer.flush()
        first = seeds.poll(source(folder), now=NEVER_ASKED)
        assert ([article.body for article in first.articles], first.unfinished) == ([BODY], ("slow.txt",))
        assert first.faults == ()
        again = seeds.poll(source(folder), body_hash=first.body_hash, now=NEVER_ASKED)
        assert (again.status, again.unfinished) == ("unchanged", ("slow.txt",))
        writer.write("ence is whole now.")
    last = seeds.poll(source(folder), body_hash=first.body_hash, now=NEVER_ASKED)
    assert [article.body for article in last.articles] == [BODY, "Half a sentence is whole now."]
    assert last.unfinished == ()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")
def test_who_only_reads_a_file_keeps_nobody_from_it(folder):
    (folder / "a.txt").write_text(BODY)
    with (folder / "a.txt").open() as _:
        assert len(seeds.poll(source(folder), now=NEVER_ASKED).articles) == 1


CHANGED = datetime(2023, 8, 28, 12, tzinfo=UTC)


@pytest.fixture
def waits(folder, monkeypatch):
    """Three files that came together, where nobody can be asked who writes them; what was waited for, in seconds."""
    monkeypatch.delattr(fcntl, "F_SETLEASE", raising=False)
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"Text of {name} here.")
        os.utime(folder / f"{name}.txt", (CHANGED.timestamp(), CHANGED.timestamp()))
    clock, waited = [100.0], []

    def sleep(seconds):
        clock[0] += seconds
        waited.append(seconds)

    monkeypatch.setattr("bot.ingest.unfinished.time", SimpleNamespace(sleep=sleep, monotonic=lambda: clock[0]))
    return waited


def test_where_nobody_can_be_asked_files_are_watched_until_they_are_settled(folder, waits):
    found = seeds.poll(source(folder), now=CHANGED + timedelta(seconds=0.5))
    assert (len(found.articles), found.unfinished, waits) == (3, (), [1.5])


@pytest.mark.parametrize("seconds", [2, 3, 86_400, -3_600])
def test_files_that_have_not_changed_of_late_are_not_waited_for(folder, waits, seconds):
    assert len(seeds.poll(source(folder), now=CHANGED + timedelta(seconds=seconds)).articles) == 3
    assert len(seeds.poll(source(folder)).articles) == 3
    assert waits == []


def test_a_file_that_goes_on_growing_is_left_for_the_next_poll(folder, waits, monkeypatch):
    def grow(_):
        with (folder / "a.txt").open("a") as writer:
            writer.write(" More.")

    monkeypatch.setattr(unfinished.time, "sleep", grow)
    found = seeds.poll(source(folder / "a.txt"), now=CHANGED)
    assert (found.articles, found.unfinished) == ((), ("a.txt",))


def test_a_file_that_changes_while_it_is_read_is_left(folder, monkeypatch):
    (folder / "a.txt").write_text(BODY)

    def growing(*_):  # what a writer may do between the question and the reading
        with (folder / "a.txt").open("a") as writer:
            writer.write(" More.")
        return False

    monkeypatch.setattr(unfinished.Watch, "is_unfinished", growing)
    assert seeds.poll(source(folder)).unfinished == ("a.txt",)


# ── any file ─────────────────────────────────────────────────────────────────────────────────────


def test_any_file_is_read_as_what_it_is():
    rss = b"<rss version='2.0'><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>"
    page = b"<!doctype html><html><head><title>Talks &amp; more</title></head><body><p>One</p><p>Two</p></body></html>"
    assert [article.title for article in articles_in(rss, "x.txt")] == ["A", "B"]
    assert [(article.title, article.body) for article in articles_in(page, "-")] == [("Talks & more", "One\n\nTwo")]
    assert [article.body for article in articles_in(BODY.encode(), "a.txt")] == [BODY]
    assert [article.title for article in articles_in(b"# Head\n\ntext", "a.md")] == ["Head"]
    assert [article.title for article in articles_in(CLEAN.encode("utf-16"), "-")] == ["Talks on chips"]


PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"trailer << /Root 1 0 R >>\n" * 20
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00" + b"__cxa_finalize\x00malloc\x00" * 50


@pytest.mark.parametrize("name", ["x", "x.txt", "x.html", "x.xml", "-"])
@pytest.mark.parametrize(
    "body",
    [PDF, ELF, random.Random(1).randbytes(3_000), random.Random(2).randbytes(90)],
    ids=["pdf", "elf", "long", "short"],
)
def test_binary_input_is_no_article(name, body):
    with pytest.raises(Unreadable, match="is not text"):
        articles_in(body, name)


def test_a_page_is_read_without_its_boilerplate():
    page = b"<html><head><title>T</title></head><body><nav>Tariffs China</nav><p>Text.</p></body></html>"
    assert articles_in(page, "page.html")[0].body == "Text."


def test_files_that_hold_no_article():
    with pytest.raises(NotAFeed):
        articles_in(b"<opml/>", "x.xml")
    with pytest.raises(NotAFeed, match="a list of sitemaps"):
        articles_in(b"<sitemapindex/>", "x.xml")
    with pytest.raises(Unreadable):
        articles_in(b" \n", "x.txt")


# ── real inputs ──────────────────────────────────────────────────────────────────────────────────


def test_the_first_two_articles_are_read_as_a_person_would(corpora):
    folder = corpora.parent / "seeds"
    found = load(folder)
    assert found.faults == ()
    first, second = found.articles
    assert (first.title_derived, second.title_derived) == (True, True)
    assert second.title.startswith("Of all the Biden administration officials")
    gone = [
        set(_paragraphs(path)) - set(article.body.split("\n\n"))
        for path, article in zip(sorted(folder.iterdir()), found.articles, strict=True)
    ]
    assert sorted(len(lines) for lines in gone) == [1, 6]  # "Advertisement" counts once
    assert gone[1] == {"Commerce Secretary Gina Raimondo"}
    for line in gone[0]:
        assert (
            line == "Advertisement" or line[:2] in ("00", "01") or line.endswith(("Loo", "Montufar-Helu", "Lu Xiang"))
        )


def _paragraphs(path):
    return [" ".join(line.split()) for line in path.read_text("utf-8").splitlines() if line.strip()]
