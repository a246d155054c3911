"""Folders of text files: the seeds, and any folder that people drop articles into."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Unreadable
from bot.text import clean, cut

from . import normalise
from .dates import parse_date
from .encoding import decode_text
from .fingerprints import bounded
from .limits import MAX_FILE, MAX_ITEMS, MAX_TITLE
from .links import absolute
from .parsed import Polled
from .shape import front_matter, markdown, mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Article, Source

SUFFIXES = (".txt", ".md")
_KEYS = ("title", "url", "source", "author", "published", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderLoad:
    """A folder's articles in order of file names; ``faults`` name files that are wrong, with the remedy."""

    articles: tuple[Article, ...] = ()
    faults: tuple[str, ...] = ()


def poll(source: Source, *, body_hash: str | None = None) -> Polled:
    """Read the source's folder; "unchanged" if it is as it was at ``body_hash``. Raises Unreadable.

    A folder with faults is read each time, so that they are told until they are mended.
    """
    folder = Path(source.path or "")
    faults: list[str] = []
    files = list(_contents(folder, faults))
    digest = _digest(files)
    if digest == body_hash:
        return Polled(status="unchanged", body_hash=digest)
    load = _load(source, files, faults)
    return Polled(
        status="ok",
        articles=load.articles,
        fetched=len(files),
        title=source.name,
        body_hash=None if load.faults else digest,
        faults=load.faults,
    )


def load_folder(source: Source, path: Path) -> FolderLoad:
    """Every ``.txt`` and ``.md`` file below ``path`` (or that one file) as an article of ``source``.

    Raises Unreadable if the folder cannot be listed; a file that cannot be read is a fault.
    """
    faults: list[str] = []
    return _load(source, list(_contents(path, faults)), faults)


def read_text(text: str, name: str, source: Source, faults: list[str]) -> Article | None:
    """The article in a file's text; None, with a fault, where there is none.

    The key is the front matter's url, else the fingerprint of the words.
    """
    matter = front_matter(text)
    found, rest = markdown(matter.text) if name.lower().endswith(".md") else ("", matter.text)
    body = clean(mend(rest)).strip()
    values = _values(matter.values, name, faults)
    title = cut(clean(values["title"] or found), MAX_TITLE)
    if not body and not title:
        faults.append(f"{name}: there is no text in it; delete the file or write the article into it")
        return None
    published = parse_date(values["published"])
    article = normalise.build(
        source,
        title=title,
        body=body,
        url=values["url"] or None,
        author=values["author"],
        outlet=cut(values["source"], MAX_TITLE),
        lang=values["language"] or source.lang,
        text_seen="full" if body else "title",
        published_raw=values["published"] or None,
        published_at=published,
        date_origin="front matter" if published else "unknown",
    )
    return normalise.keyed(article, bounded(article.canonical_url), "url") if article.canonical_url else article


def _values(given: dict[str, str], name: str, faults: list[str]) -> dict[str, str]:
    """The front matter's values, cleaned; a date or address that cannot be one is a fault."""
    values = {key: clean(given.get(key, "")) for key in _KEYS}
    if values["url"]:
        url = absolute(values["url"], None)
        if url is None:
            faults.append(f'{name}: url "{cut(values["url"], 80)}" is no web address; write it as https://…')
        values["url"] = url or ""
    if values["published"] and parse_date(values["published"]) is None:
        faults.append(
            f'{name}: published "{cut(values["published"], 40)}" is no date; '
            "write it as 2023-08-28 or 2023-08-28T09:30:00Z"
        )
    return values


def _contents(path: Path, faults: list[str]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file that can be read, in order of names."""
    for file in _files(path):
        name = file.name if file == path else file.relative_to(path).as_posix()
        try:
            size = file.stat().st_size
            if size > MAX_FILE:
                faults.append(
                    f"{name}: {size / 1e6:.1f} MB is too long for an article ({MAX_FILE / 1e6:.0f} MB); split it"
                )
                continue
            yield name, file.read_bytes()
        except OSError as error:
            faults.append(f"{name}: cannot be read ({error.strerror}); check its permissions")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    try:
        next(path.iterdir(), None)  # rglob passes over a folder that it may not list
        found = [file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and _is_article(file, path)]
    except OSError as error:
        raise Unreadable(
            f"the folder {path} cannot be read ({error.strerror}): create it, or change the source's path"
        ) from error
    if len(found) > MAX_ITEMS:
        raise Unreadable(f"the folder {path} holds {len(found):,} files; {MAX_ITEMS:,} is the most that is read")
    return sorted(found)


def _is_article(file: Path, root: Path) -> bool:
    """Hidden files and a folder's own README are not articles."""
    parts = file.relative_to(root).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and file.stem.lower() != "readme" and not file.is_dir()


def _digest(files: list[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256(f"normaliser {normalise.NORMALISER_VERSION}\n".encode())
    for name, body in files:
        whole.update(f"{name}\n{len(body)}\n".encode("utf-8", "surrogateescape"))
        whole.update(body)
    return whole.hexdigest()


@dataclass(slots=True)
class _Loading:
    articles: dict[str, Article] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def _load(source: Source, files: list[tuple[str, bytes]], faults: list[str]) -> FolderLoad:
    loading = _Loading()
    for name, body in files:
        article = _article(source, name, body, faults)
        if article is not None:
            _add(loading, article, name, faults)
    return FolderLoad(articles=tuple(loading.articles.values()), faults=tuple(faults))


def _article(source: Source, name: str, body: bytes, faults: list[str]) -> Article | None:
    text = decode_text(body)
    if "\0" in text or text.count("\ufffd") > len(text) // 20:
        faults.append(f"{name}: is not text; save it as plain text in UTF-8")
        return None
    return read_text(text, name, source, faults)


def _add(loading: _Loading, article: Article, name: str, faults: list[str]) -> None:
    """Two files with one text are one article; two texts with one url cannot both be it."""
    first = loading.articles.setdefault(article.key, article)
    if first.content_hash != article.content_hash:
        faults.append(f"{name}: has the same url as {loading.files[article.key]} but another text; give it its own url")
    loading.files.setdefault(article.key, name)
