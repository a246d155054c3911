"""Against noise: what is inhibited, rests, is too much or waits – and what never is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_alerts_decide import COPY, DESTINATIONS, NOW, RULES, SAME, answers, look, looks, mute, news, told

from bot.alerts.decide import Reason, decide, explain
from bot.alerts.noise import LOUD, go_together, timing
from bot.model import SEVERITIES, Destination, Told
from bot.model.words import KEPT_BACK

HOUR = timedelta(hours=1)
BROAD = {
    "curbs": replace(RULES["curbs"], severity="normal"),
    "names": replace(RULES["names"], inhibited_by=("curbs",)),
}


def told_at(*rules, minutes, severity="normal"):
    at = NOW - timedelta(minutes=minutes)
    return {"desk": Told(destination="desk", rules=frozenset(rules), alert=1, delivery=1, severity=severity,
                         rules_at=dict.fromkeys(rules, at))}  # fmt: skip


def resting(seconds):
    return tuple(replace(each, repeat=seconds) for each in DESTINATIONS)


# ── inhibition ───────────────────────────────────────────────────────────────────────────────────


def test_a_broader_rule_is_silent_beside_the_one_it_names():
    verdict = decide(look("names", "curbs", rules=BROAD))
    assert {alert.rules for alert in verdict.alerts} == {("curbs",)}
    assert answers(verdict)["names", "desk"] == ("no", "inhibited")
    reason = next(one.reason for one in verdict.decisions if one.rule == "names")
    assert reason == "inhibited: by curbs"
    assert "inhibited_by" in explain(reason)


def test_it_is_silent_where_the_other_has_told_and_speaks_elsewhere():
    verdict = decide(look("names", rules=BROAD, placement=SAME, told=told("curbs")))
    assert {alert.destination: alert.kind for alert in verdict.alerts} == {"screen": "first"}
    assert answers(verdict)["names", "desk"] == ("no", "inhibited")
    assert verdict.counter == ("desk",)


def test_news_is_told_though_the_rule_that_found_it_is_inhibited():
    verdict = decide(look("names", rules=BROAD, placement=SAME, told=told("curbs"), news=(news(),)))
    reply = next(alert for alert in verdict.alerts if alert.destination == "desk")
    assert (reply.kind, reply.rules) == ("new fact", ())
    assert answers(verdict)["names", "desk"] == ("no", "inhibited")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"severity": "urgent"}, id="it is the more severe one"),
        pytest.param({"inhibited_by": ("chips",)}, id="the other says nothing"),
        pytest.param({"inhibited_by": ("gone",)}, id="the other is not there"),
        pytest.param({"inhibited_by": ("names",)}, id="it names itself"),
    ],
)
def test_it_speaks_otherwise(changes):
    rules = {**BROAD, "names": replace(BROAD["names"], **changes)}
    assert answers(decide(look("names", "curbs", rules=rules)))["names", "desk"] == ("alert", "first")


def test_a_muted_rule_inhibits_nobody():
    verdict = decide(look("names", "curbs", rules=BROAD, mutes=[mute("rule", "curbs")]))
    assert {alert.rules for alert in verdict.alerts} == {("names",)}


def test_rules_that_name_each_other_do_not_silence_a_story():
    rules = {**BROAD, "curbs": replace(BROAD["curbs"], severity="low", inhibited_by=("names",))}
    assert {alert.rules for alert in decide(look("names", "curbs", rules=rules)).alerts} == {("names",)}


def test_what_a_digest_counts_as_kept_back_is_what_is():
    assert {reason.value for reason in (Reason.INHIBITED, Reason.REPEATED, Reason.CROWDED)} == set(KEPT_BACK)


# ── repeat ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("minutes", "told_again"), [(0, False), (14, False), (15, True), (600, True)])
def test_further_news_rests_for_a_while(minutes, told_again):
    seen = look("names", placement=SAME, told=told_at("names", minutes=minutes), news=(news("change"),))
    verdict = decide(replace(seen, destinations=resting(900)))
    assert answers(verdict)["names", "desk"] == (("reply", "new fact") if told_again else ("no", "repeat"))
    if not told_again:
        assert "last told 2026-03-02" in next(one.reason for one in verdict.decisions if one.destination == "desk")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"news": (news("correction"),)}, id="a correction"),
        pytest.param({"rules": {**RULES, "names": replace(RULES["names"], repeat=0.0)}}, id="the rule's own wish"),
        pytest.param({"rules": {**RULES, "names": replace(RULES["names"], severity="high")}}, id="high"),
        pytest.param({"told": told_at("curbs", minutes=1)}, id="another rule"),
    ],
)
def test_some_things_do_not_rest(changes):
    seen = look("names", placement=SAME, told=told_at("names", minutes=1), news=(news("change"),))
    verdict = decide(replace(seen, **{"destinations": resting(900), **changes}))
    assert answers(verdict)["names", "desk"][0] == "reply"


def test_a_rule_s_own_repeat_goes_before_the_destination_s():
    rules = {**RULES, "names": replace(RULES["names"], repeat=3600.0)}
    seen = look("names", rules=rules, placement=SAME, told=told_at("names", minutes=30), news=(news("change"),))
    assert answers(decide(seen))["names", "desk"] == ("no", "repeat")


def test_an_item_that_comes_back_under_another_address_is_a_copy_whenever_it_comes():
    for minutes in (1, 10_000):
        seen = look("names", placement=COPY, told=told_at("names", minutes=minutes))
        assert answers(decide(replace(seen, destinations=resting(900))))["names", "desk"] == ("no", "copy")


def test_news_without_a_rule_rests_after_whatever_was_told():
    seen = look(placement=SAME, told=told_at("names", minutes=5), news=(news("official"),))
    assert decide(seen).alerts
    resting_ = decide(replace(seen, destinations=resting(900)))
    assert (resting_.alerts, answers(resting_)) == ((), {(None, "desk"): ("no", "repeat")})


# ── volume ───────────────────────────────────────────────────────────────────────────────────────


def test_beyond_the_most_an_hour_replies_wait_for_the_digest():
    crowded = {"placement": SAME, "told": told_at("names", minutes=60), "crowded": {"desk"}}
    seen = look("names", news=(news("change"),), **crowded)
    assert answers(decide(seen))["names", "desk"] == ("no", "too many")
    assert answers(decide(look(news=(news("official"),), **crowded))) == {(None, "desk"): ("no", "too many")}
    assert decide(replace(seen, news=(news("correction"),))).alerts
    assert decide(look("names", crowded={"desk"})).alerts[0].kind == "first"


@pytest.mark.parametrize(("spent", "goes"), [((), True), (("names",), False), (("curbs",), True)])
def test_a_rule_beyond_its_contract_leaves_further_news_to_the_digest(spent, goes):
    seen = look("names", placement=SAME, told=told_at("names", minutes=60), news=(news("change"),), spent=spent)
    verdict = decide(seen)
    assert answers(verdict)["names", "desk"] == (("reply", "new fact") if goes else ("no", "too many"))
    assert {alert.destination: alert.kind for alert in verdict.alerts}["screen"] == "first"
    if not goes:
        reason = next(one.reason for one in verdict.decisions if one.destination == "desk")
        assert reason == "too many: expect of names"


def test_a_reply_that_must_go_takes_all_its_rules_along():
    """Left out, the lesser rule would come as a reply of its own later."""
    verdict = decide(look("curbs", "names", placement=SAME, told=told("chips"), crowded={"desk"}))
    assert next(alert.rules for alert in verdict.alerts if alert.destination == "desk") == ("curbs", "names")


# ── timers ───────────────────────────────────────────────────────────────────────────────────────

DESK = Destination(id="desk", kind="slack", group_wait=30.0)


def at(severity="normal", destination=DESK, *, opens=True, last=None):
    return timing(severity, destination, NOW, opens=opens, last_group=last)


def test_first_at_once_is_the_default():
    assert at(destination=DESTINATIONS[0]).at == NOW


def test_an_alert_waits_for_company_and_after_a_group():
    assert at().at == NOW + timedelta(seconds=30)
    after = at(last=NOW - timedelta(minutes=2))
    assert (after.at, after.may_group) == (NOW + timedelta(minutes=3), True)
    assert after.because == "not before 2026-03-02 12:03 UTC, after alerts that went as one message"
    assert at(last=NOW - HOUR) == at()
    assert at(opens=False, last=NOW).at == NOW


@pytest.mark.parametrize(
    ("waiting", "over", "expected"),
    [([], 1, False), ([-1], 1, False), ([-1, -1], 1, True), ([-1, 9], 1, True), ([9, 9], 1, False), ([-1] * 9, None, False)],
)  # fmt: skip
def test_more_than_so_many_go_together_when_the_first_is_due(waiting, over, expected):
    times = [NOW + timedelta(seconds=seconds) for seconds in waiting]
    assert go_together(times, replace(DESK, group_over=over), NOW) is expected


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────


def noisy(seen, inhibited, severities, repeats, ages, names):
    """The same with everything that can keep something back."""
    rules = {
        name: replace(rule, inhibited_by=inhibited[name], severity=severities[name], repeat=repeats[name])
        for name, rule in seen.rules.items()
    }
    known = {
        name: replace(one, rules_at={rule: NOW - timedelta(minutes=ages[rule]) for rule in one.rules})
        for name, one in seen.told.items()
    }
    crowded, grouped = names
    last = dict.fromkeys(grouped, NOW - timedelta(minutes=1))
    return replace(
        seen,
        rules=rules,
        told=known,
        crowded=crowded,
        spent={name for name in rules if ages[name] % 2},
        last_group=last,
        destinations=resting(repeats["desk"] or 0.0),
    )


def by_rule(values):
    return st.fixed_dictionaries(dict.fromkeys([*sorted(RULES), "desk"], values))


ids = st.sampled_from(["desk", "screen", "pager"])
noise = st.builds(
    noisy,
    looks,
    by_rule(st.lists(st.sampled_from(sorted(RULES)), max_size=3, unique=True).map(tuple)),
    by_rule(st.sampled_from(SEVERITIES)),
    by_rule(st.sampled_from([None, 0.0, 600.0, 86400.0])),
    by_rule(st.integers(0, 2000)),
    st.tuples(st.sets(ids), st.sets(ids)),
)


def without_noise(seen):
    rules = {name: replace(rule, inhibited_by=(), repeat=None) for name, rule in seen.rules.items()}
    return replace(seen, rules=rules, crowded=(), spent=(), last_group={}, destinations=DESTINATIONS)


@given(noise)
def test_every_pair_has_one_answer_with_a_reason_that_has_a_sentence(seen):
    verdict = decide(seen)
    assert decide(seen) == verdict
    pairs = [(one.rule, one.destination) for one in verdict.decisions]
    assert len(pairs) == len(set(pairs))
    assert {rule for rule, _ in pairs if rule} == {one.rule for one in seen.mentions}
    for one in verdict.decisions:
        assert one.reason.partition(": ")[0] in {reason.value for reason in Reason}
        assert explain(one.reason) != one.reason
    yes = {(one.rule, one.destination) for one in verdict.decisions if one.verdict != "no" and one.rule}
    assert {(rule, alert.destination) for alert in verdict.alerts for rule in alert.rules} == yes


@given(noise)
def test_nothing_loud_no_story_and_no_correction_is_taken_away(seen):
    after = {alert.destination: alert for alert in decide(seen).alerts}
    for alert in decide(without_noise(seen)).alerts:
        kept = after.get(alert.destination)
        if alert.kind == "first" or alert.severity in LOUD or seen.corrects:
            assert kept is not None
            assert (kept.kind == "first", kept.severity) == (alert.kind == "first", alert.severity)
        assert kept is None or set(kept.rules) <= set(alert.rules)


@given(noise)
def test_only_low_and_normal_alerts_wait_or_share_a_message(seen):
    for alert in decide(seen).alerts:
        if alert.severity in LOUD:
            assert (alert.not_before, alert.may_group) == (NOW, False)
        else:
            assert alert.not_before >= NOW


@given(noise, st.sampled_from(["low", "normal"]))
def test_a_rule_that_is_made_louder_is_told_wherever_it_was(seen, severity):
    """Raising rules to high takes no alert away, where routes do not go by severity."""
    seen = replace(seen, routes=())
    quiet = replace(seen, rules={name: replace(rule, severity=severity) for name, rule in seen.rules.items()})
    loud = replace(seen, rules={name: replace(rule, severity="high") for name, rule in seen.rules.items()})
    assert {one.destination for one in decide(quiet).alerts} <= {one.destination for one in decide(loud).alerts}
