"""Words that say nothing are known in other languages, and only in texts of theirs."""

import pytest

from bot.stories.languages import empty_in, language

TEXTS = {
    "de": "die regierung hat am montag mit der opposition uber das gesetz gesprochen und es wird nicht geandert",
    "fr": "le gouvernement a dit lundi que la loi sur les pensions ne sera pas votee avant la fin du mois",
    "es": "el gobierno dijo el lunes que la ley de las pensiones no se votara hasta el final del mes",
}


@pytest.mark.parametrize(("name", "text"), TEXTS.items())
def test_the_language_is_told_by_its_function_words(name, text):
    assert language(text.split()) == name


@pytest.mark.parametrize(
    "text",
    [
        "the minister said that the law on pensions is not to be changed before the end of the month",
        "the die is cast in the war an der leyen said as she sat in a bar on the main street",
        "tariff steel",
        "",
    ],
)
def test_english_and_texts_too_short_to_tell_are_none_of_them(text):
    assert language(text.split()) is None
    assert empty_in(language(text.split())) == frozenset()


def test_a_word_is_empty_in_its_own_language_only():
    assert "die" in empty_in("de")
    assert "die" not in empty_in("fr")
    assert "sur" in empty_in("fr")
