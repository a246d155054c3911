"""python tests/replay [FOLDER] [--errors N]: replay labelled articles and print scores and errors."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from labelled import DEV, BadLabels, read
from report import lines
from running import replay
from said import said


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/replay", description="Replay labelled articles; see README.md.")
    parser.add_argument("folder", nargs="?", type=Path, default=DEV, help="a labelled folder (default: dev)")
    parser.add_argument("--errors", type=int, default=10, metavar="N", help="errors of each kind to print")
    args = parser.parse_args()
    try:
        wanted = read(args.folder)
    except BadLabels as error:
        print(error)
        return 2
    with TemporaryDirectory() as scratch:
        found = asyncio.run(replay(wanted.articles, Path(scratch)))
    print(*lines(wanted, found, said(wanted.articles), args.errors), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
