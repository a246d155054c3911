import contextlib
import gzip
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import nested

from bot.errors import TooLarge, Unreachable, Unreadable
from bot.net.inflate import MAX_MEMBERS, STEP, Inflater

FEED = b"<rss>" + random.Random(7).randbytes(200_000) + b"</rss>"


def bare(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


PACK = {
    "": bytes,
    "identity": bytes,
    "UTF-8": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare,
}


def unpack(coding: str, pieces: list[bytes], limit: int = 10_000_000) -> bytes:
    inflater = Inflater(coding, limit, "feeds.example.org")
    out = [step for piece in pieces for step in inflater.feed(piece)]
    inflater.finish()
    return b"".join(out)


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 2, 1_000, 1_000_000])
@pytest.mark.parametrize("coding", PACK)
def test_unpacks_whatever_the_pieces(coding, size):
    body = FEED[:5_000] if size < 1_000 else FEED
    assert unpack(coding, cut(PACK[coding](body), size)) == body


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 1_000_000])
@pytest.mark.parametrize("coding", PACK)
def test_what_zlib_holds_back_after_its_last_input_is_fetched(coding, size):
    body = b"x" * size
    assert unpack(coding, [PACK[coding](body)]) == body


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 50), st.binary(max_size=20))
def test_several_members_and_padding(parts, size, rubbish):
    packed = b"".join(gzip.compress(part) for part in parts) + b"\x00" + rubbish
    assert unpack("gzip", cut(packed, size)) == b"".join(parts)


@given(st.sampled_from(["gzip", "deflate"]), st.binary(max_size=400), st.integers(1, 50))
def test_rubbish_is_an_error_or_nothing(coding, rubbish, size):
    with contextlib.suppress(Unreadable, Unreachable, TooLarge):
        assert len(unpack(coding, cut(rubbish, size), limit=100_000)) <= 100_000


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("kept", [1, 2, 10, 3_000])
def test_breaking_off_is_noticed(coding, kept):
    packed = PACK[coding](FEED[:5_000])
    with pytest.raises(Unreachable, match="broke off"):
        unpack(coding, [packed[:kept]])


def test_nothing_packed_is_nothing():
    assert unpack("gzip", []) == b""


def test_damage_is_noticed():
    packed = bytearray(gzip.compress(FEED))
    packed[-6] ^= 1  # in the checksum
    with pytest.raises(Unreadable, match="damaged"):
        unpack("gzip", [bytes(packed)])


@pytest.mark.parametrize(
    "coding", ["gzip, gzip", "gzip,gzip,gzip", "deflate, gzip", "br", "zstd", "gzip;q=1", "\udcff"]
)
def test_other_and_several_codings_are_refused(coding):
    with pytest.raises(Unreadable, match="not asked for"):
        Inflater(coding, 1_000, "feeds.example.org")


def test_inner_layers_stay_packed():
    assert unpack("gzip", [nested(1_000, layers=3)]) == nested(1_000, layers=2)


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
def test_the_limit_is_exact(coding):
    body = b"x" * 100_000
    assert unpack(coding, [PACK[coding](body)], limit=100_000) == body
    with pytest.raises(TooLarge, match=r"more than 0\.1 MB"):
        unpack(coding, [PACK[coding](body + b"x")], limit=100_000)


def test_a_bomb_is_stopped_within_a_step_of_its_limit():
    packed = nested(300_000_000)
    inflater = Inflater("gzip", 1_000_000, "feeds.example.org")
    steps = []
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            steps.extend(len(step) for step in inflater.feed(packed))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(steps) <= 1_000_000
    assert max(steps) <= STEP
    assert most < 3_000_000


def test_endless_members_are_refused():
    with pytest.raises(Unreadable, match=f"more than {MAX_MEMBERS} parts"):
        unpack("gzip", [gzip.compress(b"") * (MAX_MEMBERS + 1)])
