"""What is wrong with the files of a folder, told so that the worst folder still fits a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fingerprints import refusal

if TYPE_CHECKING:
    from bot.model import Refusal

MOST = 20  # sentences told in full


class Faults:
    """Faults of files in the order in which they were found; ``refused`` are the files that can be no article.

    ``unfinished`` are the names of files that are still being written, which is no fault.
    """

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []
        self.refused: list[Refusal] = []
        self.unfinished: list[str] = []

    def add(self, file: str, sentence: str) -> None:
        """``sentence`` says what is wrong with the file of this name, and the remedy."""
        self._found.append((file, sentence))

    def refuse(self, file: str, sentence: str, content: str | None = None, url: str | None = None) -> None:
        """The same of a file that can be no article as it is.

        ``content`` stands for its content if that is known, ``url`` is the address it gives.
        """
        self.add(file, sentence)
        self.refused.append(refusal(file, sentence, sentence if content is None else content, url=url))

    def sentences(self) -> tuple[str, ...]:
        """Each fault as "name: sentence"; after :data:`MOST` of them, how many more files have one."""
        told, rest = self._found[:MOST], self._found[MOST:]
        sentences = [f"{file}: {sentence}" for file, sentence in told]
        more = len({file for file, _ in rest} - {file for file, _ in told})
        if more:
            sentences.append(f"and {more:,} more file{'s' * (more > 1)}")
        elif rest:
            sentences.append(f"and {len(rest):,} more in these files")
        return tuple(sentences)
