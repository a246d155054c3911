"""No term that is accepted is one that folding makes impossible: each finds itself as it is written."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.match import Matcher
from bot.model import Article, Rule, Term
from bot.rules.terms import parse_plain
from bot.tomlfile.models import Mistake

LETTERS = st.characters(categories=["L", "Nd", "P"], exclude_characters='*?/@$=()[]{}|"')


@given(text=st.text(LETTERS | st.sampled_from(" -'’–\u00a0\u200b\u00ad"), min_size=1, max_size=12), exact=st.booleans())
@example("größere Zölle", False)
@example("華為–公司", True)
@example("ﬁnance’s ㈱", True)
@example("İstanbul", False)
def test_a_term_finds_itself(text, exact):
    try:
        term = parse_plain(f"={text}" if exact else text)
    except Mistake:
        return
    assert isinstance(term, Term)
    article = Article(
        source="",
        key="",
        key_kind="fingerprint",
        fingerprint="",
        content_hash="",
        title="",
        body=f"See {term.text} there.",
    )
    assert Matcher([Rule(id="a", title="A", expr=term)]).matching(article) == ["a"]
