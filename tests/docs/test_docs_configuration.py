"""docs/configuration.md says what the models say: every key, its default, what it means."""

import importlib.util
import re
from pathlib import Path

import pytest

from bot.config import load, models
from bot.config.tables import LISTS, TABLES
from bot.tomlfile.models import Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "configuration.md"
MODELS = sorted(name for name, each in vars(models).items() if isinstance(each, type) and issubclass(each, Table))
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def make():
    spec = importlib.util.spec_from_file_location("make_configuration", DOCS / "make_configuration.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_as_the_models_would_have_it():
    text = PAGE.read_text("utf-8")
    assert make().filled(text) == text, "run python docs/make_configuration.py"


def test_every_model_has_its_table_on_the_page():
    assert sorted(re.findall(r"<!-- keys of (\w+)", PAGE.read_text("utf-8"))) == [m for m in MODELS if m != "Table"]


@pytest.mark.parametrize("name", [name for name in MODELS if name != "Table"])
def test_every_key_has_a_meaning_that_is_a_sentence(name):
    model = getattr(models, name)
    written = make().written(model)
    assert written.keys() == model.model_fields.keys()
    for key, (_, meaning) in written.items():
        assert re.fullmatch(r"[^|]+\.", meaning), f"{name}.{key}: say under the field what it is for"


def test_a_key_without_words_for_its_type_is_noticed():
    import ast

    with pytest.raises(KeyError):
        make().words(ast.parse("Fortnight | None", mode="eval").body)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_are_configurations(number, tmp_path):
    (tmp_path / "config.toml").write_text(EXAMPLES[number].replace("/run/secrets/slack-token", "token"))
    (tmp_path / "token").write_text("xoxb-test\n")
    load(None, {}, tmp_path)


def test_every_table_has_an_example_of_its_own():
    shown = {name for text in EXAMPLES for name in re.findall(r"^\[+(\w+)", text, flags=re.MULTILINE)}
    assert shown == {*TABLES, *LISTS}


def test_the_environment_variables_of_the_page_are_those_of_the_program():
    source = "".join(path.read_text("utf-8") for path in (DOCS.parent / "bot" / "config").glob("*.py"))
    known = set(re.findall(r'"(PRESSWATCH_[A-Z_]+|[A-Z_]*CREDENTIALS_DIRECTORY)"', source)) - {"CREDENTIALS_DIRECTORY"}
    rows = set(re.findall(r"^\| `(PRESSWATCH_[A-Z_]+)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE))
    assert rows == known
