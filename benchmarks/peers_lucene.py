"""Lucene's monitor as a matcher: stored queries, found by a pre-search with the words of the article.

The monitor weighs words by their length; here it is told in how many texts each stands, so that a rule is tried only
where the two rarest of what it needs occur (a pre-search in two passes), and LuceneMonitor.java teaches its pre-search
open endings, of which it knows nothing. Nobody asks for a score. One thread, one article at a time; the Java machine
is warm, and time is taken inside it, so that neither its start nor the way there and back counts.

It takes a JDK of version 17 or later and Lucene 9's core, analysis-common, memory, queries, queryparser and monitor,
whose jars are named by the environment variable PRESSWATCH_LUCENE, a class path such as ``lucene-9.12.3/modules/*``
of a release. From the source (Debian has it as lucene9; its own jar lacks META-INF/services, and opens no index), a
folder of classes does as well, made in the tree's folder ``lucene``:

    O=src/java/org/apache/lucene
    S=analysis/common/src/java:memory/src/java:queries/src/java:queryparser/src/java
    F="core/src/java monitor/src/java analysis/common/$O/analysis/core queryparser/$O/queryparser/classic"
    javac -nowarn --release 17 -sourcepath $S -d classes $(find $F -name '*.java' ! -name module-info.java)
    cp -r core/src/resources/META-INF classes
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from peers import Column, bare
from rulebook import STEM

from bot.model import AnyOf, Near, Not, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rulebook import Pool

    from bot.model import Expr, Rule

NAME = "Lucene Monitor"
JARS = "PRESSWATCH_LUCENE"
_PROGRAM = Path(__file__).with_name("LuceneMonitor.java")


def missing() -> str:
    """What the machine lacks, or nothing."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "a JDK"
    return "" if os.environ.get(JARS) else f"Lucene, whose jars {JARS} names"


def lucene(expr: Expr) -> str:
    """The expression in the words of Lucene's query parser. Near becomes and, as with the other peers."""
    if isinstance(expr, Term):
        return f'"{expr.text}"' if " " in expr.text else expr.text
    if isinstance(expr, AnyOf):
        return f"({' '.join(map(lucene, expr.parts))})"
    assert not isinstance(expr, Not)
    parts = (expr.left, expr.right) if isinstance(expr, Near) else expr.parts
    return f"({' '.join(f'-{lucene(part.part)}' if isinstance(part, Not) else f'+{lucene(part)}' for part in parts)})"


def measure(rules: Sequence[Rule], pool: Pool, texts: Sequence[str], rounds: int) -> Column:
    """Every article singly; making its words bare is not counted. Raises RuntimeError if Java gives up."""
    lacking = missing()
    if lacking:
        return Column(NAME, missing=lacking)
    with tempfile.TemporaryDirectory(prefix="pw") as name:
        folder = Path(name)
        _write(folder / "rules", (f"{rule.id}\t{lucene(rule.expr)}" for rule in rules))
        _write(folder / "words", (f"{word}\t{count}" for word, count in pool.words.items()))
        _write(folder / "pages", map(bare, texts))
        head, *lines = _run(folder, rounds)
    version, seconds = head.split("\t")
    rows = [line.split("\t") for line in lines]
    return Column(
        f"{NAME} {version}",
        times=[int(time) / 1000 for time, *_ in rows],
        build=float(seconds),
        found=[set(ids) for _, *ids in rows],
    )


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _run(folder: Path, rounds: int) -> list[str]:
    """The lines that the Java program prints."""
    # The simplest collector takes the least from the one thread that works; compiling at once (Xbatch), and not
    # whenever there is time, makes the machine as warm beside other programs as alone.
    options = ("-Xbatch", "-XX:+UseSerialGC", "-cp", os.environ[JARS])
    command = ["java", *options, str(_PROGRAM), str(folder), str(rounds), str(STEM)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        lines = "\n".join(done.stderr.splitlines()[:10])
        raise RuntimeError(f"{NAME} gave up; does {JARS} name all of Lucene's jars?\n{lines}")
    return done.stdout.splitlines()
