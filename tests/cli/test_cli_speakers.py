"""Who said what, as the users of ``presswatch search --speaker`` and ``explain`` meet it."""

import pytest
from test_cli_search import KEYS, titles


@pytest.fixture(scope="module")
def speeches(shared_desk):
    """An archive in which people speak; it is only looked at."""
    desk = shared_desk
    desk.write("seeds/1.txt", "---\ntitle: A tariff on pots\nurl: https://e.example/1\n---\n" + SAID)
    desk.write("seeds/2.txt", "---\ntitle: A calm day\n---\nNobody said “anything at all” today.\n")
    assert desk.run("run", "--once").code == 0
    return desk


SAID = (
    "The tariff comes. “It is over,” said Stephen Harker, a fellow at Arden, “and nobody won.”\n\n"
    "“We shall answer,” the ministry said.\n"
)


@pytest.mark.parametrize("speaker", ["Stephen Harker", "harker", "STEPHEN"])
def test_people_are_found_by_their_name_with_their_words(speeches, speaker):
    (row,) = speeches.run("search", "--speaker", speaker, "--json").rows
    assert list(row) == KEYS
    (quote,) = row["quotes"]
    assert (quote["speaker"], quote["role"]) == ("Stephen Harker", "a fellow at Arden")
    assert quote["text"] == "It is over and nobody won."
    assert quote["rule"] == "said X"


def test_people_see_who_said_it_where_and_the_link(speeches):
    lines = speeches.run("search", "--speaker", "harker").out.splitlines()
    assert lines[0].endswith("A tariff on pots")
    assert lines[2:] == [
        "    “It is over and nobody won.” – Stephen Harker, a fellow at Arden",
        "    https://e.example/1",
    ]


def test_words_and_a_speaker_narrow_each_other(speeches):
    assert titles(speeches.run("search", "tariff*", "--speaker", "ministry", "--json")) == ["A tariff on pots"]
    assert titles(speeches.run("search", "calm", "--speaker", "ministry", "--json")) == []
    assert speeches.run("search", "tariff", "--json").rows[0]["quotes"] == []


def test_somebody_who_said_nothing_is_no_error_and_no_name_is_wrong_use(speeches):
    result = speeches.run("search", "--speaker", "nobody")
    assert (result.code, result.out) == (0, "No article quotes nobody.\n")
    result = speeches.run("search", "--speaker", "?!")
    assert result.code == 2
    assert "write a name or a part of it" in " ".join(result.err.split())


def test_explain_lists_who_said_what_and_by_which_rule(speeches):
    shown = " ".join(speeches.run("explain", "1").out.split())
    assert (
        "Who said what “It is over and nobody won.” – Stephen Harker, a fellow at Arden (the speaker behind the verb)"
        in shown
    )
    (row,) = speeches.run("explain", "1", "--json").rows
    assert [quote["speaker"] for quote in row["quotes"]] == ["Stephen Harker", "ministry"]
