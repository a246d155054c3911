"""What was changed between two versions of a rule."""

import pytest

from bot.rules import changes, load

BASE = 'title = "T"\nany = ["tariff", "$duties"]\n'
NAMES = '[[terms]]\nid = "duties"\nany = ["levy"]\n'


def definition(rest, names=NAMES):
    loaded = load({"a.toml": f'[[rule]]\nid = "r"\n{rest}{names}'})
    assert loaded.faults == ()
    return loaded.ruleset.rules["r"].definition


@pytest.mark.parametrize(
    ("rest", "names", "expected"),
    [
        (BASE, NAMES, ()),
        ('title = "Other"\nany = ["tariff", "$duties"]\n', NAMES, ('title: "T" → "Other"',)),
        ('title = "T"\nany = ["$duties", "tariff"]\n', NAMES, ("any: another order",)),
        ('title = "T"\nany = ["tariff"]\n', NAMES, ('any: − "$duties"',)),
        (BASE + "until = 2030-01-31\n", NAMES, ('until: nothing → "2030-01-31"',)),
        (BASE + '[[rule.test]]\ntext = "A levy."\nexpect = "match"\n', NAMES, ("tests: 0 → 1",)),
        ("title = \"T\"\nquery = 'tariff AND $duties'\n", NAMES, ('any: − "tariff", − "$duties"', 'query: nothing → "tariff AND $duties"')),
        (BASE, '[[terms]]\nid = "duties"\nany = ["levy", "toll"]\n', ('$duties any: + "toll"',)),
    ],
)  # fmt: skip
def test_each_difference_in_a_few_words(rest, names, expected):
    assert changes(definition(BASE), definition(rest, names)) == expected
