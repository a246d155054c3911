"""``presswatch mute``: add, list, end; a mistyped name mutes nothing."""

import pytest

ADD = ("mute", "add", "--rule", "tariffs", "--for", "2d", "--comment", "earnings  week", "--author", "desk")


def test_a_mute_is_made_listed_and_ended(desk):
    assert desk.run("mute", "list").out == "Nothing is muted.\n"
    made = desk.run(*ADD)
    assert (made.code, made.out.startswith("mute 1: rule tariffs, until ")) == (0, True)
    assert "desk: earnings week" in made.out
    assert desk.run("mute", "list").out == made.out
    ended = desk.run("mute", "end", "1")
    assert (ended.code, "ended" in ended.out) == (0, True)
    assert desk.run("mute", "list").out == "Nothing is muted.\n"
    again = desk.run("mute", "end", "1")
    assert (again.code, "It had ended before." in again.err) == (1, True)
    assert [row["in_force"] for row in desk.run("mute", "list", "--all", "--json").rows] == [False]


def test_what_is_muted_is_not_alerted(desk):
    desk.run(*ADD)
    desk.seed(1, "Tariffs rise")
    done = desk.run("run", "--once")
    assert "Nothing new to alert" in done.out
    assert "mute 1" in desk.run("explain", "1").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--for", "2d", "--comment", "c"), "name one thing to mute"),
        (("--rule", "tariffs", "--source", "seeds", "--for", "2d", "--comment", "c"), "name one thing to mute"),
        (("--rule", "tarifs", "--for", "2d", "--comment", "c"), 'did you mean "tariffs"'),
        (("--theme", "none", "--for", "2d", "--comment", "c"), 'there is no theme "none"'),
        (("--entity", "none", "--for", "2d", "--comment", "c"), 'there is no entity "none"'),
        (("--source", "seds", "--for", "2d", "--comment", "c"), 'did you mean "seeds"'),
        (("--story", "9", "--for", "2d", "--comment", "c"), "there is no story 9"),
        (("--rule", "tariffs", "--to", "nowhere", "--for", "2d", "--comment", "c"), 'no destination "nowhere"'),
        (("--rule", "tariffs", "--for", "soon", "--comment", "c"), '"soon" is no time to mute for'),
        (("--rule", "tariffs", "--for", "2000d", "--comment", "c"), "a year at most"),
        (("--rule", "tariffs", "--for", "2d", "--comment", " "), "say why"),
        (("--rule", "tariffs", "--comment", "c"), "--for"),
    ],
)
def test_what_makes_no_sense_is_wrong_use(desk, args, said):
    done = desk.run("mute", "add", *args)
    assert done.code == 2
    assert said in done.err
    assert desk.run("mute", "list", "--all").out == "Nothing is muted.\n"


def test_an_unknown_number_is_wrong_use(desk):
    assert desk.run("mute", "end", "5").code == 2
