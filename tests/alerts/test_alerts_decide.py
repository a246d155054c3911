"""Deciding: each mention and destination gets one answer with its reason, and nobody is told twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.decide import LEAST, NEWS, Look, Reason, decide, explain
from bot.model import (
    SEVERITIES,
    AnyOf,
    Article,
    Destination,
    Hit,
    Mention,
    Mute,
    News,
    Placement,
    Route,
    Rule,
    Source,
    Told,
)
from bot.stories.novelty import WEIGHTS

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARTICLE = Article(
    source="wire", key="1", key_kind="guid", fingerprint="f", content_hash="c", title="Curbs", body="Export curbs."
)
NEW = Placement(kind="new", story=None, reason="no stored article has its words")
COPY = Placement(kind="copy", story=5, reason="nearly the same words (97%)", score=0.97, copy_of=3)
EXACT = Placement(kind="copy", story=5, reason="the same words", score=1.0, copy_of=3)
SAME = Placement(kind="same story", story=5, reason="one event with article 3: names", score=0.8)
RULES = {
    "curbs": Rule(id="curbs", title="Curbs", expr=AnyOf(()), severity="high"),
    "names": Rule(id="names", title="Names", expr=AnyOf(()), severity="low"),
    "chips": Rule(id="chips", title="Chips", expr=AnyOf(()), severity="urgent", notify=("pager",)),
}
DESTINATIONS = (
    Destination(id="desk", kind="slack", target="C1"),
    Destination(id="screen", kind="console"),
    Destination(id="pager", kind="slack", target="C2", default=False),
)


def mention(rule):
    return Mention(rule=rule, rule_hash="h", hits=(), sentences=())


def look(*rules, **changes):
    return Look(
        **{
            "now": NOW,
            "article_id": 9,
            "article": ARTICLE,
            "story": 5,
            "mentions": tuple(mention(rule) for rule in rules),
            "rules": RULES,
            "placement": NEW,
            "source": Source(id="wire", kind="feed", name="Wire"),
            "destinations": DESTINATIONS,
            **changes,
        }
    )


def told(*rules, destination="desk", severity=None):
    return {destination: Told(destination=destination, rules=frozenset(rules), alert=1, delivery=1, severity=severity)}


def news(kind="official", weight=None, text="Confirmed by the Federal Register"):
    weight = WEIGHTS[kind] if weight is None else weight
    return News(kind=kind, value=text, text=text, reason="because", weight=weight)


def answers(verdict):
    return {(d.rule, d.destination): (d.verdict, d.reason.partition(": ")[0]) for d in verdict.decisions}


def test_first_alert_carries_every_rule_and_the_highest_severity():
    verdict = decide(look("names", "curbs"))
    assert [(a.destination, a.kind, a.rules, a.severity, a.story, a.article) for a in verdict.alerts] == [
        ("desk", "first", ("curbs", "names"), "high", 5, 9),
        ("screen", "first", ("curbs", "names"), "high", 5, 9),
    ]
    assert verdict.state == "alerted"


def test_a_rule_goes_where_it_wants_to():
    verdict = decide(look("chips", "names"))
    assert {a.destination: (a.rules, a.severity) for a in verdict.alerts} == {
        "pager": (("chips",), "urgent"),
        "desk": (("names",), "low"),
        "screen": (("names",), "low"),
    }


def test_routes_are_followed():
    verdict = decide(look("names", routes=(Route(notify=("pager",), rule="names"),)))
    assert [a.destination for a in verdict.alerts] == ["pager"]


def test_a_copy_with_known_rules_only_moves_the_counter():
    everywhere = told("curbs") | told("curbs", destination="screen")
    verdict = decide(look("curbs", placement=COPY, told=everywhere))
    assert verdict.alerts == ()
    assert verdict.counter == ("desk", "screen")
    assert verdict.state == "copy"
    assert [d.reason for d in verdict.decisions] == ["copy: article 3, nearly the same words (97%)"] * 2


def test_a_copy_that_no_rule_matches_moves_the_counter_too():
    verdict = decide(look(placement=COPY, told=told("curbs")))
    assert (verdict.decisions, verdict.counter, verdict.state) == ((), ("desk",), "copy")


def test_a_copy_with_a_new_rule_replies_where_told_and_opens_where_not():
    verdict = decide(look("curbs", "names", placement=COPY, told=told("curbs")))
    assert {a.destination: (a.kind, a.rules) for a in verdict.alerts} == {
        "desk": ("new rule", ("names",)),
        "screen": ("first", ("curbs", "names")),
    }
    assert answers(verdict)["curbs", "desk"] == ("no", "copy")
    assert verdict.counter == ("desk",)


@pytest.mark.parametrize(
    ("changes", "silent"),
    [
        pytest.param({"placement": EXACT, "original": "baseline"}, True, id="exact copy of baseline"),
        pytest.param({"placement": COPY, "original": "baseline"}, False, id="near copy of baseline"),
        pytest.param({"placement": EXACT, "original": "no rule"}, False, id="exact copy of an unmatched one"),
        pytest.param({"placement": EXACT, "original": "muted"}, False, id="exact copy of a muted one"),
        pytest.param({"placement": EXACT, "original": "copy"}, False, id="exact copy of a copy"),
    ],
)
def test_only_an_exact_copy_of_a_baseline_article_stays_silent(changes, silent):
    verdict = decide(look("curbs", **changes))
    assert (verdict.alerts == ()) is silent
    assert verdict.state == ("copy" if silent else "alerted")
    if silent:
        assert {d.reason for d in verdict.decisions} == {"copy of baseline: article 3, the same words"}


def test_an_exact_copy_of_a_baseline_article_speaks_once_the_story_was_told():
    verdict = decide(look("names", placement=EXACT, original="baseline", told=told("curbs")))
    assert {a.destination: a.kind for a in verdict.alerts} == {"desk": "new rule", "screen": "first"}


def test_baseline_articles_never_alert():
    verdict = decide(look("curbs", "chips", baseline=True))
    assert verdict.alerts == ()
    assert verdict.state == "baseline"
    assert {reason for _, reason in answers(verdict).values()} == {"baseline"}


def test_baseline_articles_without_a_match_are_baseline_too():
    assert decide(look(baseline=True)).state == "baseline"


def test_a_silent_source_is_heard_nowhere():
    verdict = decide(look("curbs", source=Source(id="wire", kind="feed", name="Wire", alerts=False)))
    assert (verdict.alerts, verdict.state) == ((), "muted")
    assert set(answers(verdict).values()) == {("no", "source is silent")}


def test_no_destination_is_a_reason_of_its_own():
    verdict = decide(look("curbs", destinations=(DESTINATIONS[2],)))
    assert answers(verdict) == {("curbs", None): ("no", "no destination")}
    assert verdict.state == "muted"


def test_a_rule_that_is_gone_is_a_reason_of_its_own():
    assert answers(decide(look("gone"))) == {("gone", None): ("no", "rule is off")}


def test_an_edited_article_alerts_for_newly_matching_rules_only():
    verdict = decide(look("curbs", "names", edited=True, matched_before=frozenset({"curbs"}), told=told("curbs")))
    assert {a.destination: (a.kind, a.rules) for a in verdict.alerts} == {
        "desk": ("new rule", ("names",)),
        "screen": ("first", ("names",)),
    }
    assert answers(verdict)["curbs", "screen"] == ("no", "earlier version")


def test_an_edited_article_without_news_keeps_its_state():
    verdict = decide(look("curbs", edited=True, matched_before=frozenset({"curbs"}), told=told("curbs")))
    assert (verdict.alerts, verdict.state, verdict.counter) == ((), None, ())


def test_a_rule_told_by_another_member_is_not_told_again():
    verdict = decide(look("curbs", edited=True, told=told("curbs")))
    assert answers(verdict)["curbs", "desk"] == ("no", "told")
    assert [a.destination for a in verdict.alerts] == ["screen"]


def test_no_mention_no_decision():
    assert decide(look()).state == "no rule"


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.name)
def test_every_reason_has_a_sentence(reason):
    assert explain(reason.value) == reason.sentence
    assert reason.sentence.endswith(".")


def test_a_stored_reason_is_explained_with_its_detail():
    assert explain("copy: article 7, the same words") == f"{Reason.COPY.sentence} (article 7, the same words)"
    assert explain("something older") == "something older"


# ── later members of a story ─────────────────────────────────────────────────────────────────────


def test_another_report_without_news_moves_the_counter():
    verdict = decide(look("curbs", placement=SAME, told=told("curbs")))
    assert verdict.counter == ("desk",)
    assert answers(verdict)["curbs", "desk"] == ("no", "same story")
    assert verdict.decisions[0].reason == "same story: one event with article 3: names"
    assert [alert.destination for alert in verdict.alerts] == ["screen"]


def test_another_report_with_news_replies_and_moves_the_counter():
    verdict = decide(look("curbs", placement=SAME, told=told("curbs"), news=(news(), news("person", text="Li Qiang"))))
    reply = next(alert for alert in verdict.alerts if alert.destination == "desk")
    assert (reply.kind, reply.rules, reply.severity) == ("new fact", ("curbs",), "high")
    assert [one.text for one in reply.news] == ["Confirmed by the Federal Register", "Li Qiang"]
    assert verdict.counter == ("desk",)
    assert verdict.decisions[0].reason == ("new fact: Confirmed by the Federal Register – because; Li Qiang – because")
    assert verdict.state == "alerted"


# The lowest severity at which each kind is worth a reply; None: it never is.
REPLIES = {
    "correction": "low",
    "official": "low",
    "update": "low",
    "change": "low",
    "deadline": "low",
    "reference": "high",
    "figure": "urgent",
    "quote": None,
    "person": None,
    "organisation": None,
    "date": None,
}


@pytest.mark.parametrize(("kind", "least"), REPLIES.items())
def test_what_is_worth_a_reply_depends_on_the_severity(kind, least):
    for severity in SEVERITIES:
        rules = {"r": Rule(id="r", title="R", expr=AnyOf(()), severity=severity)}
        verdict = decide(look("r", rules=rules, placement=SAME, told=told("r"), news=(news(kind),)))
        worth = least is not None and SEVERITIES.index(severity) >= SEVERITIES.index(least)
        expected = ("reply", "new fact") if worth else ("no", "lesser news")
        assert answers(verdict)["r", "desk"] == expected, severity


def test_every_kind_of_news_has_its_place():
    assert REPLIES.keys() == WEIGHTS.keys() - {"severity"}
    assert list(LEAST) == list(SEVERITIES)


def test_at_most_so_many_are_named():
    many = tuple(news("change", text=f"{number} %") for number in range(9))
    verdict = decide(look("curbs", placement=SAME, told=told("curbs"), news=many))
    assert [len(alert.news) for alert in verdict.alerts if alert.kind == "new fact"] == [NEWS]


def test_a_higher_severity_is_news_of_its_own():
    verdict = decide(look("curbs", placement=SAME, told=told("curbs", severity="normal")))
    (reply,) = [alert for alert in verdict.alerts if alert.destination == "desk"]
    assert (reply.kind, [one.text for one in reply.news]) == ("new fact", ["Severity normal → high"])
    again = decide(look("curbs", placement=SAME, told=told("curbs", severity="high")))
    assert answers(again)["curbs", "desk"] == ("no", "same story")


def test_another_rule_tells_what_else_is_new():
    verdict = decide(look("names", placement=SAME, told=told("curbs"), news=(news(),)))
    reply = next(alert for alert in verdict.alerts if alert.destination == "desk")
    assert (reply.kind, reply.rules, len(reply.news)) == ("new rule", ("names",), 1)


def test_a_member_that_no_rule_matches_may_confirm_what_was_told():
    verdict = decide(look(placement=SAME, told=told("curbs", severity="normal"), news=(news(),)))
    (alert,) = verdict.alerts
    assert (alert.destination, alert.kind, alert.rules, alert.severity) == ("desk", "new fact", (), "normal")
    assert answers(verdict) == {(None, "desk"): ("reply", "new fact")}
    assert verdict.state == "alerted"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"news": (news("person"),)}, id="lesser news"),
        pytest.param({"news": (news(),), "baseline": True}, id="baseline"),
        pytest.param({"news": (news(),), "told": {}}, id="nobody was told"),
        pytest.param({"news": (news(),), "told": told("curbs", destination="gone")}, id="no such destination"),
        pytest.param(
            {"news": (news(),), "source": Source(id="wire", kind="feed", name="Wire", alerts=False)}, id="silent source"
        ),
    ],
)
def test_a_member_that_no_rule_matches_is_silent_otherwise(changes):
    verdict = decide(look(**{"placement": SAME, "told": told("curbs"), **changes}))
    assert (verdict.alerts, verdict.decisions) == ((), ())


@pytest.mark.parametrize("kind", ["correction", "update", "change"])
def test_an_edited_article_that_says_something_new_replies(kind):
    edited = {"edited": True, "matched_before": frozenset({"curbs"}), "told": told("curbs")}
    verdict = decide(look("curbs", **edited, news=(news(kind),)))
    assert {alert.destination: alert.kind for alert in verdict.alerts}["desk"] == "new fact"
    assert verdict.counter == ("desk",)  # so that the message that stands says it, too


def test_only_a_correction_of_what_nobody_was_told_is_told():
    edited = {"edited": True, "matched_before": frozenset({"curbs"})}
    corrected = decide(look("curbs", **edited, news=(news("correction"),)))
    assert [(alert.kind, len(alert.news)) for alert in corrected.alerts] == [("first", 1), ("first", 1)]
    changed = decide(look("curbs", **edited, news=(news("change"),)))
    assert set(answers(changed).values()) == {("no", "earlier version")}


def test_baseline_articles_tell_no_news():
    verdict = decide(look("curbs", baseline=True, placement=SAME, told=told("curbs"), news=(news(),)))
    assert (verdict.alerts, set(answers(verdict).values())) == ((), {("no", "baseline")})


names = st.sampled_from(sorted(RULES))
looks = st.builds(
    lambda found, known, placement, original, **flags: look(
        *found,
        placement=placement,
        original=original,
        told={k: v for rules, where in known for k, v in told(*rules, destination=where).items()},
        **flags,
    ),
    found=st.lists(names, unique=True),
    known=st.lists(st.tuples(st.sets(names), st.sampled_from(["desk", "screen", "pager"]))),
    placement=st.sampled_from([NEW, COPY, EXACT, SAME]),
    news=st.lists(st.builds(news, st.sampled_from(sorted(WEIGHTS))), max_size=3).map(tuple),
    original=st.sampled_from([None, "baseline", "no rule", "alerted"]),
    baseline=st.booleans(),
    edited=st.booleans(),
    matched_before=st.frozensets(names),
    source=st.builds(Source, id=st.just("wire"), kind=st.just("feed"), name=st.just("Wire"), alerts=st.booleans()),
    routes=st.sampled_from([(), (Route(notify=("pager",), severity="low", go_on=True),)]),
)


@given(looks)
def test_each_mention_and_destination_gets_exactly_one_decision(seen):
    pairs = [(d.rule, d.destination) for d in decide(seen).decisions]
    assert len(pairs) == len(set(pairs))
    assert {rule for rule, _ in pairs if rule} == {m.rule for m in seen.mentions}
    # What the article brings by itself is told to those alone who know its story, and of whom no rule asks anything.
    bare = {where for rule, where in pairs if rule is None}
    inhibited = {d.destination for d in decide(seen).decisions if d.reason.startswith(Reason.INHIBITED.value)}
    assert bare <= seen.told.keys()
    assert not bare & {where for rule, where in pairs if rule} - inhibited


@given(looks)
def test_alerts_and_decisions_say_the_same(seen):
    verdict = decide(seen)
    yes = {(d.rule, d.destination) for d in verdict.decisions if d.verdict != "no" and d.rule}
    assert {(rule, a.destination) for a in verdict.alerts for rule in a.rules} == yes
    assert len({a.destination for a in verdict.alerts}) == len(verdict.alerts)
    for alert in verdict.alerts:
        assert (alert.kind != "first") == (alert.destination in seen.told)
        if not alert.rules:
            continue
        assert (alert.kind == "new fact") == (
            alert.destination in seen.told and seen.told[alert.destination].rules >= set(alert.rules)
        )
        assert SEVERITIES.index(alert.severity) == max(SEVERITIES.index(RULES[r].severity) for r in alert.rules)


@given(looks)
def test_what_was_told_once_is_not_told_again(seen):
    known = dict(seen.told)
    for alert in decide(seen).alerts:
        before = known[alert.destination].rules if alert.destination in known else frozenset()
        known |= told(*before, *alert.rules, destination=alert.destination)
    assert decide(replace(seen, told=known, news=())).alerts == ()


@given(looks)
def test_baseline_and_silent_sources_never_alert(seen):
    quiet = replace(seen.source, alerts=False)
    assert decide(replace(seen, baseline=True)).alerts == decide(replace(seen, source=quiet)).alerts == ()


# ── mutes ────────────────────────────────────────────────────────────────────────────────────────

UNTIL = datetime(2026, 3, 4, 10, tzinfo=UTC)


def mute(kind, value, destination=None):
    return Mute(
        id=3,
        kind=kind,
        value=value,
        author="desk",
        comment="earnings week",
        created_at=UNTIL,
        expires_at=UNTIL,
        destination=destination,
    )


def named_mention(rule, entity):
    hit = Hit(term="x", field="title", start=0, end=1, text="x", entity=entity, alias="x")
    return replace(mention(rule), hits=(hit,))


@pytest.mark.parametrize(
    ("kind", "value", "silent"),
    [
        ("rule", "curbs", True),
        ("rule", "names", False),
        ("theme", "trade", True),
        ("theme", "chips", False),
        ("entity", "huawei", True),
        ("entity", "smic", False),
        ("source", "wire", True),
        ("source", "paper", False),
        ("story", "5", True),
        ("story", "6", False),
    ],
)
def test_what_is_muted_is_not_told_and_the_decision_says_who_wanted_it(kind, value, silent):
    rules = {**RULES, "curbs": replace(RULES["curbs"], theme="trade")}
    verdict = decide(look(mentions=(named_mention("curbs", "huawei"),), rules=rules, mutes=[mute(kind, value)]))
    assert bool(verdict.alerts) is not silent
    assert verdict.state == ("muted" if silent else "alerted")
    if silent:
        reasons = {decision.reason for decision in verdict.decisions}
        assert reasons == {f"muted: mute 3, {kind} {value}, until 2026-03-04 10:00 UTC – desk: earnings week"}
        assert explain(reasons.pop()).startswith("Somebody has muted it. (mute 3")


def test_a_mute_of_one_destination_leaves_the_others():
    verdict = decide(look("curbs", mutes=[mute("rule", "curbs", "screen")]))
    assert [alert.destination for alert in verdict.alerts] == ["desk"]


def test_another_rule_still_speaks():
    verdict = decide(look("curbs", "names", mutes=[mute("rule", "curbs")]))
    assert {alert.rules for alert in verdict.alerts} == {("names",)}


def test_a_muted_rule_does_not_reply_either():
    verdict = decide(look("names", told=told("curbs"), placement=COPY, mutes=[mute("rule", "names")]))
    assert verdict.alerts == ()
    assert verdict.counter == ("desk",)
