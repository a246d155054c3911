"""Sources: configuration in, due-ness and health out."""

from dataclasses import replace

import pytest
from store_samples import NOW, article, later, poll, put_article, source

from bot.store import sources


@pytest.fixture
def tx(store):
    with store.write() as open_tx:
        yield open_tx


def ids(states):
    return [state.id for state in states]


def one(tx, id_="wire"):
    return next(state for state in sources.states(tx) if state.id == id_)


def test_new_sources_are_due_at_once(tx):
    sources.sync(
        tx,
        [source("wire", lang="en", tier="wire"), source("seeds", kind="folder", url=None, path="/s", every=None)],
        NOW,
    )
    assert ids(sources.due(tx, NOW)) == ["seeds", "wire"]
    assert sources.due(tx, later(-1)) == []
    state = one(tx)
    assert (state.kind, state.name, state.url, state.tier, state.state) == (
        "feed",
        "Wire",
        "https://wire.example/feed",
        "wire",
        "active",
    )
    assert (state.interval, state.failures, state.baseline_at, state.articles) == (900.0, 0, None, 0)
    assert one(tx, "seeds").path == "/s"


def test_articles_are_counted(tx):
    sources.sync(tx, [source("wire"), source("paper")], NOW)
    put_article(tx, article("k1"))
    put_article(tx, article("k2"))
    assert (one(tx).articles, one(tx, "paper").articles) == (2, 0)


def test_a_poll_moves_the_next_one(tx):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(next_due=later(60), interval=60.0))
    assert sources.due(tx, later(59)) == []
    assert ids(sources.due(tx, later(60))) == ["wire"]
    assert ids(sources.due(tx, NOW, force=True)) == ["wire"]
    assert one(tx).interval == 60.0


def test_the_longest_overdue_comes_first(tx):
    sources.sync(tx, [source("a"), source("b"), source("c")], NOW)
    for id_, seconds in (("a", 30), ("b", 10), ("c", 20)):
        sources.record_poll(tx, poll(id_, next_due=later(seconds)))
    assert ids(sources.due(tx, later(99))) == ["b", "c", "a"]


VALIDATORS = {"etag": '"1"', "last_modified": "Mon, 02 Mar 2026", "body_hash": "abc"}


def validators(tx):
    state = one(tx)
    return {name: getattr(state, name) for name in VALIDATORS}


@pytest.mark.parametrize(
    ("status", "given", "expected"),
    [
        pytest.param(
            "ok", {"etag": '"2"'}, {"etag": '"2"', "last_modified": None, "body_hash": None}, id="ok-replaces"
        ),
        pytest.param("unchanged", {}, VALIDATORS, id="unchanged-keeps"),
        pytest.param("unchanged", {"etag": '"2"'}, {**VALIDATORS, "etag": '"2"'}, id="unchanged-may-renew"),
        pytest.param("error", {"etag": '"2"', "error": "timeout"}, VALIDATORS, id="error-keeps"),
    ],
)
def test_validators(tx, status, given, expected):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(status="baseline", **VALIDATORS))
    sources.record_poll(tx, poll(status=status, at=later(1), **given))
    assert validators(tx) == expected


def test_failures_are_counted_until_a_success(tx):
    sources.sync(tx, [source()], NOW)
    for second in (1, 2, 3):
        sources.record_poll(tx, poll(status="error", at=later(second), error=f"trouble {second}"))
    state = one(tx)
    assert (state.failures, state.first_failed_at, state.last_error) == (3, later(1), "trouble 3")
    assert (state.last_ok_at, state.baseline_at) == (None, None)
    sources.record_poll(tx, poll(status="unchanged", at=later(9)))
    state = one(tx)
    assert (state.failures, state.first_failed_at, state.last_error, state.last_ok_at) == (0, None, None, later(9))


def test_the_baseline_is_the_first_good_poll(tx):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(status="error", error="x"))
    sources.record_poll(tx, poll(status="ok", at=later(5)))
    sources.record_poll(tx, poll(status="baseline", at=later(6)))
    assert one(tx).baseline_at == later(5)


def test_every_poll_is_kept(tx):
    sources.sync(tx, [source()], NOW)
    polls = [
        poll(fetched=40, new=3, overlap=0, gap_from=later(-90), gap_to=NOW, ms=12, note="possible gap"),
        poll(status="error", at=later(1), error="timeout"),
    ]
    for each in polls:
        sources.record_poll(tx, each)
    rows = tx._connection.exec_driver_sql("SELECT status, fetched, new, overlap, ms, note FROM poll ORDER BY id").all()
    assert rows == [("ok", 40, 3, 0, 12, "possible gap"), ("error", 0, 0, None, 0, "timeout")]


def test_polls_written_together_leave_what_each_of_them_leaves_alone(tx):
    names = ("a", "b", "c", "d")
    sources.sync(tx, [source(f"{when}-{name}") for name in names for when in ("alone", "together")], NOW)
    polls = [
        ("a", {"status": "unchanged", "etag": '"2"', "interval": 60.0}),
        ("b", {"status": "ok", "body_hash": "new", "gap_from": NOW, "gap_to": later(1), "tight": 450.0, "new": 3}),
        ("c", {"status": "error", "error": "no answer", "failing": True}),
        ("d", {"status": "unchanged", "moved_to": "https://new.example/", "error": "a part", "failing": True}),
    ]
    for name in names:
        for when in ("alone", "together"):
            sources.record_poll(tx, poll(f"{when}-{name}", "baseline", **VALIDATORS, tight=300.0, interval=900.0))
    for name, given in polls:
        sources.record_poll(tx, poll(f"alone-{name}", at=later(1), next_due=later(9), **given))
    sources.record_polls(
        tx, [poll(f"together-{name}", at=later(1), next_due=later(9), **given) for name, given in polls]
    )
    states = {state.id: state for state in sources.states(tx)}
    for name in names:
        same = {"id": "", "name": "", "url": ""}
        assert replace(states[f"together-{name}"], **same) == replace(states[f"alone-{name}"], **same)
    lines = tx._connection.exec_driver_sql("SELECT source, status, new, note FROM poll ORDER BY id").all()
    alone, together = (
        [tuple(line[1:]) for line in lines if line[0].startswith(when)] for when in ("alone", "together")
    )
    assert alone == together
    assert states["together-b"].tight == 450.0
    assert states["together-c"].tight == 300.0


def test_a_removed_source_is_never_due_and_comes_back_with_its_past(tx):
    sources.sync(tx, [source("wire"), source("paper")], NOW)
    sources.record_poll(tx, poll(etag='"1"', next_due=later(900)))
    sources.sync(tx, [source("paper")], later(1))
    assert one(tx).state == "removed"
    assert ids(sources.due(tx, later(9_999), force=True)) == ["paper"]
    sources.sync(tx, [source("wire"), source("paper")], later(2))
    assert (one(tx).state, one(tx).etag, one(tx).next_due) == ("active", '"1"', later(2))


def test_no_sources_at_all(tx):
    sources.sync(tx, [source()], NOW)
    sources.sync(tx, [], NOW)
    assert sources.due(tx, later(9_999), force=True) == []
    assert ids(sources.states(tx)) == ["wire"]


def test_a_renamed_source_keeps_its_times_and_a_moved_one_is_polled_afresh(tx):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(**VALIDATORS, next_due=later(900)))
    sources.sync(tx, [source(name="New name")], later(1))
    assert (one(tx).name, one(tx).next_due, validators(tx)) == ("New name", later(900), VALIDATORS)
    sources.sync(tx, [source(url="https://new.example/feed")], later(2))
    assert one(tx).next_due == later(2)
    assert set(validators(tx).values()) == {None}


def test_one_source_is_read_again(tx):
    sources.sync(tx, [source("wire"), source("paper")], NOW)
    put_article(tx, article("k1"))
    assert sources.get(tx, "wire") == one(tx)
    assert (sources.get(tx, "paper").name, sources.get(tx, "wire").articles) == ("Paper", 1)
    assert sources.get(tx, "nobody") is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"url": "https://new.example/feed"}, id="url"),
        pytest.param({"path": "/elsewhere"}, id="path"),
        pytest.param({"kind": "folder"}, id="kind"),
    ],
)
def test_a_source_that_moved_begins_anew(tx, changed):
    """Whether what it brings is news is for the caller to find out: nothing of the old address counts."""
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(status="baseline", **VALIDATORS))
    sources.record_poll(tx, poll(status="error", at=later(1), error="gone", failing=True, next_due=later(900)))
    sources.sync(tx, [source(**changed)], later(2))
    state = one(tx)
    assert (state.baseline_at, state.next_due, state.failing) == (None, later(2), False)
    assert (state.failures, state.first_failed_at, state.last_error) == (0, None, None)
    assert set(validators(tx).values()) == {None}
    sources.sync(tx, [source(**changed)], later(3))
    assert one(tx).next_due == later(2), "once"


def test_failing_is_what_the_last_poll_says(tx):
    sources.sync(tx, [source()], NOW)
    assert not one(tx).failing
    sources.record_poll(tx, poll(status="error", error="timeout", failing=True))
    assert one(tx).failing
    sources.sync(tx, [source()], later(1))
    assert one(tx).failing, "the same address fails as before"
    sources.record_poll(tx, poll(status="unchanged", at=later(2)))
    assert not one(tx).failing
    sources.record_poll(tx, poll(status="ok", at=later(3), error="2 files cannot be read", failing=True))
    assert (one(tx).failing, one(tx).last_error) == (True, "2 files cannot be read")


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        pytest.param(900.0, 60.0, 160, id="shorter"),
        pytest.param(900.0, 899.0, 900, id="shorter-but-due-before-that"),
        pytest.param(900.0, 900.0, 900, id="as-before"),
        pytest.param(900.0, 7_200.0, 900, id="longer"),
        pytest.param(None, 60.0, 160, id="first-time-given"),
        pytest.param(900.0, None, 900, id="not-given-any-more"),
    ],
)
def test_a_shorter_interval_counts_from_now(tx, before, now, due):
    sources.sync(tx, [source(every=before)], NOW)
    sources.record_poll(tx, poll(next_due=later(900), interval=900.0))
    sources.sync(tx, [source(every=now)], later(100))
    assert one(tx).next_due == later(due)


def test_the_wish_for_a_shorter_interval_is_granted_once(tx):
    """The server may ask for fewer polls than the configuration does; it is heard again after the change."""
    sources.sync(tx, [source(every=60.0)], NOW)
    sources.record_poll(tx, poll(next_due=later(3_600), interval=3_600.0))
    sources.sync(tx, [source(every=60.0)], later(1))
    assert one(tx).next_due == later(3_600)


@pytest.mark.parametrize(("ahead", "due"), [(0, True), (3_600, False), (86_400, False), (27 * 3_600, True)], ids=str)
def test_a_time_from_a_clock_that_was_set_back_is_due(tx, ahead, due):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(next_due=later(ahead)))
    assert (ids(sources.due(tx, NOW)) == ["wire"]) is due


def test_news_are_counted_and_what_they_teach_is_kept(tx):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(status="baseline", new=50))
    for seconds, new, more in (
        (10, 2, {"rhythm": 5.0}),
        (20, 0, {}),
        (30, 1, {"rhythm": 7.0, "longest": 20.0, "hours": "5 6"}),
    ):
        sources.record_poll(tx, poll(at=later(seconds), new=new, **more))
    sources.record_poll(tx, poll(status="error", at=later(40), error="404"))
    sources.record_poll(tx, poll(status="unchanged", at=later(50)))
    state = one(tx)
    assert (state.news, state.first_new, state.last_new) == (2, later(10), later(30))
    assert (state.rhythm, state.longest, state.hours) == (7.0, 20.0, "5 6")
    sources.sync(tx, [source(url="https://new.example/feed")], later(60))
    state = one(tx)
    assert (state.news, state.first_new, state.last_new, state.rhythm, state.longest) == (0, None, None, None, None)
    assert state.hours is None


OLD, NEW, OTHER = None, "https://new.example/feed", "https://other.example/feed"


@pytest.mark.parametrize(
    ("polls", "expected"),
    [
        pytest.param([NEW], (NEW, 1), id="once"),
        pytest.param([NEW, NEW, NEW], (NEW, 3), id="three-agree"),
        pytest.param([NEW, NEW, OTHER], (OTHER, 1), id="another-target-begins-anew"),
        pytest.param([NEW, NEW, OLD], (None, 0), id="no-redirect-any-more"),
        pytest.param([NEW, NEW, "error", NEW], (NEW, 3), id="a-failure-says-nothing"),
        pytest.param([NEW, OLD, NEW], (NEW, 1), id="in-a-row"),
    ],
)
def test_polls_that_agree_on_a_move_are_counted(tx, polls, expected):
    sources.sync(tx, [source()], NOW)
    for number, moved_to in enumerate(polls):
        if moved_to == "error":
            sources.record_poll(tx, poll(status="error", at=later(number), error="404"))
        else:
            sources.record_poll(tx, poll(status="unchanged", at=later(number), moved_to=moved_to))
    state = one(tx)
    assert (state.moved_to, state.moved_polls) == expected
    sources.sync(tx, [source(url="https://elsewhere.example/")], later(60))
    assert (one(tx).moved_to, one(tx).moved_polls) == (None, 0)


def test_where_the_interval_comes_from_is_kept_until_the_next_good_poll(tx):
    sources.sync(tx, [source()], NOW)
    sources.record_poll(tx, poll(interval=300.0, interval_by="rhythm"))
    sources.record_poll(tx, poll(status="error", at=later(1), error="404"))
    assert (one(tx).interval, one(tx).interval_by) == (300.0, "rhythm")


def test_a_part_is_of_an_unfinished_poll_until_a_good_one_comes_to_its_end(tx):
    sources.sync(tx, [source()], NOW)
    found = []
    for minutes, status in enumerate(("part", "part", "error", "unchanged", "part", "ok")):
        write = sources.record_part if status == "part" else sources.record_poll
        write(tx, poll(at=later(-minutes), status=status))  # whatever the clock says, lines stand in order
        found.append(len(sources.unfinished(tx, "wire")))
    assert found == [1, 2, 2, 0, 1, 0]
