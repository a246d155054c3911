"""Who leads a story: the better source, then the earlier one, then the longer text."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import TIERS, Member
from bot.stories import leading

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def member(article, tier="outlet", minutes=0, length=1000):
    return Member(article=article, tier=tier, at=NOON + timedelta(minutes=minutes), length=length)


@pytest.mark.parametrize(
    ("members", "expected", "reason"),
    [
        ([member(1)], 1, "the only member"),
        ([member(1), member(2, "official", 90)], 2, "the best source: official before outlet"),
        ([member(1, "aggregator"), member(2, "outlet", 5)], 2, "the best source: outlet before aggregator"),
        ([member(1, "wire", 5), member(2, "wire")], 2, "the earliest of the wire sources"),
        ([member(1, length=10), member(2, length=20)], 2, "the longest of those that came at one moment"),
        ([member(2), member(1)], 1, "the first that was stored"),
    ],
)
def test_the_lead_and_its_reason(members, expected, reason):
    lead, why = leading(members)
    assert (lead.article, why) == (expected, reason)


MEMBERS = st.lists(
    st.builds(member, st.integers(1, 50), st.sampled_from(TIERS), st.integers(0, 3), st.integers(1, 3)),
    min_size=1,
    unique_by=lambda one: one.article,
)


@given(MEMBERS)
def test_one_after_the_other_gives_the_same_lead_in_any_order(members):
    lead = members[0]
    for joined in members[1:]:
        lead, _ = leading([lead, joined])
    assert lead == leading(members)[0] == leading(members[::-1])[0]
