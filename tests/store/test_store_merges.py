"""Which stories were one at which moment: told from the list of merges as from playing them one by one."""

from hypothesis import given
from hypothesis import strategies as st

from bot.store.merges import Merge, Merges

STORIES = range(1, 9)


@st.composite
def histories(draw):
    """Merges of stories that stand into others that stand, in any order."""
    standing, made = list(STORIES), []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        story, into = draw(st.permutations(standing))[:2]
        standing.remove(story)
        made.append(Merge(id=number, story=story, into=into, at=None))
    return made


@given(histories(), st.integers(0, 8))
def test_families_are_those_that_merges_one_by_one_leave(made, upto):
    families = {story: {story} for story in STORIES}
    home = {story: story for story in STORIES}
    for merge in made[:upto]:
        families[merge.into] |= families.pop(merge.story)
        home |= dict.fromkeys(families[merge.into], merge.into)
    asked = Merges(made)
    for story in STORIES:
        assert asked.standing(story, upto) == home[story]
        assert asked.family(story, upto) == tuple(sorted(families[home[story]]))
