"""Fuzz one target for as long as you like: ``python tests/fuzz/run.py TARGET --seconds N``.

With atheris (``pip install atheris``; Linux on x86-64) the code that is reached steers the inputs, otherwise
Hypothesis makes them up. Seeds are those of fuzz_targets.py and, where PRESSWATCH_CORPORA names a folder, the real
inputs in it. The first crash ends the run with 1: its input is printed as a literal for crashers.py.
A crash is an exception that is not documented, more than :data:`SECONDS` for one input, or more than :data:`MEMORY`.
"""

import argparse
import contextlib
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

NAMES = ("feed", "html", "folder", "opml", "inflate", "url", "date", "rule", "query")
SECONDS = 10  # for one input: the processor time a worker has for a feed (bot.ingest.workers.CPU)
MEMORY = 2_000  # megabytes of the process; a worker has 1,000, atheris itself takes some
LONGEST = 20_000  # bytes of one input


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=(*NAMES, "all"))
    parser.add_argument("--seconds", type=int, default=60, help="how long, for each target (60)")
    parser.add_argument("--engine", choices=("atheris", "hypothesis"), help="atheris, where it is installed")
    parser.add_argument("--corpus", type=Path, help="a folder in which atheris keeps what it has learnt")
    given = parser.parse_args()
    engine = given.engine or ("atheris" if importlib.util.find_spec("atheris") else "hypothesis")
    if given.target == "all":
        rest = ["--seconds", str(given.seconds), "--engine", engine]
        rest += ["--corpus", str(given.corpus)] if given.corpus else []
        return max(subprocess.run([sys.executable, __file__, name, *rest], check=False).returncode for name in NAMES)
    if engine == "hypothesis":
        return by_hypothesis(given.target, given.seconds)
    if "PRESSWATCH_FUZZING" not in os.environ:
        return watch_atheris(given.target, given.seconds, given.corpus)
    by_atheris(given.target, given.seconds, given.corpus)
    return 0


# ── Hypothesis ───────────────────────────────────────────────────────────────────────────────────


def by_hypothesis(name: str, seconds: int) -> int:
    from fuzz_inputs import inputs
    from fuzz_targets import TARGETS, seeds_of
    from hypothesis import HealthCheck, Phase, given, settings

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 1_000_000, resource.getrlimit(resource.RLIMIT_AS)[1]))
    target, count, end = TARGETS[name], 0, time.monotonic() + seconds
    failing = b""

    # Each round is short, so that the time is kept; Hypothesis makes what fails small by itself.
    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(seeds_of(target), target.tokens))
    def one(data):
        nonlocal count, failing
        if time.monotonic() > end and not failing:
            return
        count += 1
        try:
            timed(target.run, data)
        except Exception:
            failing = data
            raise

    while time.monotonic() < end:
        try:
            one()
        except Exception:  # noqa: BLE001 – whatever it is, it is what was looked for
            import traceback

            traceback.print_exc()
            print(f"{name}: a crash after {count:,} inputs, made small:\n{failing!r}")
            return 1
    print(f"{name}: nothing found in {count:,} inputs (Hypothesis, {seconds} s)")
    return 0


def timed(run, data):
    before = time.process_time()
    run(data)
    used = time.process_time() - before
    assert used <= SECONDS, f"one input took {used:.1f} s"


# ── atheris ──────────────────────────────────────────────────────────────────────────────────────


def watch_atheris(name: str, seconds: int, corpus: Path | None) -> int:
    """Run it in a process of its own (its engine ends the process) and say what came of it."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept = corpus / name if corpus else folder / "corpus"
        kept.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            __file__,
            name,
            "--seconds",
            str(seconds),
            "--engine",
            "atheris",
            "--corpus",
            str(kept),
        ]
        env = {**os.environ, "PRESSWATCH_FUZZING": str(folder)}
        done = subprocess.run(command, env=env, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        count = next((line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line), "?")
        if done.returncode == 0:
            print(f"{name}: nothing found in {int(count):,} inputs (atheris, {seconds} s)")
            return 0
        print(done.stderr[-6_000:])
        for file in sorted(folder.glob("found-*")):
            print(f"{name}: {file.name.split('-')[1]} after {count} inputs:\n{file.read_bytes()!r}")
            if corpus:
                shutil.copy(file, corpus)
        return 1


def by_atheris(name: str, seconds: int, kept: Path | None) -> None:
    import atheris

    with atheris.instrument_imports(include=["bot", "feedparser"]):
        from fuzz_targets import TARGETS, seeds_of
    target, folder = TARGETS[name], Path(os.environ["PRESSWATCH_FUZZING"])
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(seeds_of(target)):
        (seeds / str(number)).write_bytes(seed)
    written = (repr_of(token) for token in target.tokens if token)
    (folder / "tokens").write_text("".join(f'"{token}"\n' for token in written), "ascii")
    options = {
        "max_total_time": seconds,
        "timeout": SECONDS,
        "rss_limit_mb": MEMORY,
        "max_len": LONGEST,
        "dict": folder / "tokens",
        "artifact_prefix": f"{folder}/found-",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(kept), str(seeds)], target.run
    )
    atheris.Fuzz()


def repr_of(token: bytes) -> str:
    """A token as libFuzzer's dictionaries write it."""
    return "".join(chr(byte) if 32 < byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in token)


if __name__ == "__main__":
    sys.exit(main())
