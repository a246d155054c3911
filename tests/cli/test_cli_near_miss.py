"""``rules near-miss`` as its users meet it."""

import pytest

STEEL = '[[rule]]\nid = "steel"\nquery = "steel NEAR/2 tariff"\n'


@pytest.fixture
def near_desk(desk):
    desk.write("rules/steel.toml", STEEL)
    desk.write("seeds/near.txt", "---\ntitle: A tariff on tubes and bars of steel\n---\nMakers complain.\n")
    desk.write("seeds/far.txt", "---\ntitle: Calm seas\n---\nNothing happened.\n")
    desk.run("run", "--once")
    return desk


def test_what_came_near_is_shown_with_the_change(near_desk):
    result = near_desk.run("rules", "near-miss")
    assert result.code == 0
    assert "steel: 1 article nearly matched" in result.out
    assert "A tariff on tubes and bars of steel" in result.out
    assert "→ NEAR/5 in place of NEAR/2" in result.out
    (row,) = near_desk.run("rules", "near-miss", "steel", "--json").rows
    assert (row["rule"], row["kind"], row["change"]) == ("steel", "apart", "NEAR/5 in place of NEAR/2")
    assert near_desk.run("rules", "near-miss", "tariffs", "--json").rows == []


def test_where_nothing_came_near_it_says_so(near_desk):
    assert "Nothing came near" in near_desk.run("rules", "near-miss", "tariffs").out
    assert "Nothing came near" in near_desk.run("rules", "near-miss", "--since", "0s").out


def test_an_empty_archive_and_an_unknown_rule(desk):
    result = desk.run("rules", "near-miss")
    assert (result.code, "No archive yet" in result.err) == (0, True)
    assert desk.run("rules", "near-miss", "nobody").code == 2


def test_no_more_of_an_article_is_shown_than_its_source_allows(near_desk):
    config = (near_desk.folder / "config.toml").read_text()
    near_desk.write("config.toml", config.replace('kind = "folder"', 'kind = "folder"\nexcerpt = "none"'))
    near_desk.run("run", "--once")
    (row,) = near_desk.run("rules", "near-miss", "--json").rows
    assert row["sentence"] == ""
