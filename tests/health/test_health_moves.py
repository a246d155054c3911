"""Which moves of a feed are proposed as a change of the configuration."""

import pytest
import source_states

from bot.config import lists
from bot.moves import move
from bot.tomlfile import parse

OLD, NEW = "https://old.example/feed", "https://new.example/feed"
FILE = f"""
[[source]]
id = "paper"
url = "https://paper.example/"

[[source]]
id = "wire"
name = "Wire"
url = '{OLD}'
"""


def state(**more):
    return source_states.state(**{"url": OLD, "moved_to": NEW, "moved_polls": 3, **more})


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return path


def test_the_file_the_line_and_both_addresses_are_named(config):
    assert move(config, state()).change == f'in {config}:9 change url = "{OLD}" → url = "{NEW}"'


def test_what_would_end_the_text_in_the_file_is_written_so_that_it_does_not(config):
    assert 'url = "https://new.example/\\\\x\\"y"' in move(config, state(moved_to='https://new.example/\\x"y')).change


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"moved_polls": 2}, id="two-polls"),
        pytest.param({"moved_to": None, "moved_polls": 0}, id="not-moved"),
        pytest.param({"moved_to": "http://new.example/feed"}, id="to-an-open-connection"),
        pytest.param({"moved_to": "https://me:secret@new.example/"}, id="to-what-the-configuration-refuses"),
        pytest.param({"url": "https://older.example/"}, id="the-file-says-otherwise-already"),
    ],
)
def test_no_proposal(config, known):
    assert move(config, state(**known)) is None


def test_the_line_is_found_in_a_file_as_long_as_it_may_be(config):
    config.write_text(FILE + "# a long list of sources\n" * 20_000)
    assert move(config, state()).place == f"{config}:9"


def test_the_file_is_read_again_only_when_it_has_changed(config, monkeypatch):
    read = []
    monkeypatch.setattr(lists, "parse", lambda *given: read.append(given) or parse(*given))
    assert [move(config, state()).place for _ in range(3)] == [f"{config}:9"] * 3
    assert len(read) == 1
    config.write_text("\n" + FILE)
    assert move(config, state()).place == f"{config}:10"
    assert len(read) == 2


def test_from_http_to_https_is_what_most_moves_are(config):
    config.write_text(FILE.replace("https://old", "http://old"))
    assert move(config, state(url="http://old.example/feed")).new == NEW


def test_a_file_that_cannot_be_read_at_the_moment_is_still_named(config, tmp_path):
    config.write_text("[[source]\nid = ")
    assert move(config, state()).place == str(config)
    assert move(tmp_path / "gone.toml", state()).place == str(tmp_path / "gone.toml")


def test_without_a_configuration_the_command_that_writes_one_is_named():
    assert "presswatch init" in move(None, state()).place


@pytest.mark.parametrize("side", ["url", "moved_to"])
def test_an_address_with_a_key_is_not_told_where_others_read_along(config, side):
    address = "https://x.example/feed?api_key=0123456789abcdef0123456789abcdef"
    config.write_text(FILE.replace(OLD, address if side == "url" else OLD))
    found = move(config, state(**{side: address}))
    assert "0123456789" in found.change
    assert "0123456789" not in found.told
    assert f"{config}:9" in found.told
