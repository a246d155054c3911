"""Where the service listens: as the file says, or the environment; mistakes with their place."""

import pytest

from bot.config import Listen, load
from bot.errors import ConfigError


def loaded(folder, text, environ=None):
    (folder / "config.toml").write_text(text)
    return load(None, environ or {}, folder)


@pytest.mark.parametrize(
    ("said", "host", "port"),
    [("127.0.0.1:9464", "127.0.0.1", 9464), ("[::1]:80", "::1", 80), ("localhost:65535", "localhost", 65535)],
)
def test_a_host_and_a_port(tmp_path, said, host, port):
    assert loaded(tmp_path, f'[web]\nlisten = "{said}"\n').listen == Listen(said=said, host=host, port=port)


def test_a_socket_stands_beside_the_file(tmp_path):
    made = loaded(tmp_path, '[web]\nlisten = "unix:run/web.sock"\n')
    assert made.listen == Listen(said="unix:run/web.sock", path=tmp_path / "run" / "web.sock")
    assert loaded(tmp_path, '[web]\nlisten = "unix:/run/web.sock"\n').listen.path.as_posix() == "/run/web.sock"


@pytest.mark.parametrize("text", ["", "[web]\n"])
def test_without_it_nobody_is_answered(tmp_path, text):
    assert loaded(tmp_path, text, {"PRESSWATCH_LISTEN": ""}).listen is None


@pytest.mark.parametrize("said", ["9464", ":9464", "127.0.0.1", "::1:80", "host:0", "host:65536", "http://host:80", "unix:", "host:٣"])  # fmt: skip
def test_mistakes_are_named_with_their_place_and_an_example(tmp_path, said):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f'[web]\nlisten = "{said}"\n')
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("config.toml", 2)
    assert "for example" in fault.remedy


def test_a_path_that_no_socket_can_have_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="too long for a socket"):
        loaded(tmp_path, f'[web]\nlisten = "unix:{"x" * 99}"\n')


def test_the_environment_goes_before_the_file(tmp_path):
    text = '[web]\nlisten = "127.0.0.1:1"\n'
    assert loaded(tmp_path, text, {"PRESSWATCH_LISTEN": "0.0.0.0:9464"}).listen.host == "0.0.0.0"
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text, {"PRESSWATCH_LISTEN": "everywhere"})
    (fault,) = caught.value.faults
    assert fault.file == "PRESSWATCH_LISTEN"
    assert "neither host:port nor unix:/path" in fault.message
