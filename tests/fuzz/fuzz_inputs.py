"""Inputs for the targets, made with Hypothesis: good ones that were mangled, and heaps of their parts."""

from hypothesis import strategies as st


def mangled(data: bytes, edits: list[tuple[int, int, bytes, int]]) -> bytes:
    """The input with pieces taken out of it and others put in, some many times over."""
    for place, length, piece, times in edits:
        start = place % (len(data) + 1)
        data = data[:start] + piece * times + data[start + length :]
    return data


def inputs(seeds: list[bytes], tokens: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Inputs for one target."""
    piece = st.one_of(st.sampled_from(tokens), st.binary(max_size=8), st.text(max_size=4).map(lossless))
    times = st.one_of(st.just(1), st.integers(1, 40))
    edit = st.tuples(st.integers(0, 20_000), st.sampled_from((0, 0, 1, 2, 7, 40, 400)), piece, times)
    return st.one_of(
        st.builds(mangled, st.sampled_from(seeds), st.lists(edit, min_size=1, max_size=6)),
        st.lists(piece, max_size=30).map(b"".join),
    )


def lossless(text: str) -> bytes:
    """Text as bytes, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")
