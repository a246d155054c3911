"""Processes of the program that do not load it: each is forked from one that has, and goes on as its own.

Loading the modules is most of what a short command costs. One process per test session loads them and does nothing
else but fork; what it forks runs ``python -m bot …`` (or a script) to its end, with a process id, arguments, a folder,
an environment, streams, an exit code and a death of its own. That each command also runs when Python starts it anew
is seen where the pages of the documentation are followed, and where a test starts one itself.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
# What begins a program of its own when it is imported.
NOT_LOADED = ("bot.__main__", "bot.ingest.forked")
# What the program imports where it needs it.
ELSEWHERE = ("alembic.command", "alembic.config", "sqlalchemy.dialects.sqlite.pysqlite", "logging.config")


@dataclass
class Forked:
    """A process that was asked for."""

    pid: int
    answers: socket.socket

    def kill(self) -> None:
        """SIGKILL, if it is still there."""
        with self.answers.dup() as still:
            still.setblocking(False)
            try:
                still.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = PATIENCE) -> int:
        """Its exit code, -n for signal n as in ``subprocess``. Raises TimeoutError."""
        self.answers.settimeout(timeout)
        with self.answers:
            return int(self.answers.recv(16))


def fork(*words: str, folder: Path, env: dict[str, str], streams: tuple[int, int, int]) -> Forked:
    """Begin what ``python *words`` does (``-m MODULE …`` or ``SCRIPT …``) in ``folder``, with these three streams."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_loaded(), [b"."], [theirs.fileno()])
    wish = json.dumps({"words": words, "folder": str(folder), "env": env}).encode()
    socket.send_fds(ours, [wish[:1]], list(streams))
    ours.sendall(wish[1:])
    ours.shutdown(socket.SHUT_WR)
    return Forked(int(ours.recv(16)), ours)


def run(*words: str, folder: Path, env: dict[str, str], stdin: str = "", kill_after: float | None = None):
    """The exit code of ``python *words``, what it wrote to standard output, and what to standard error.

    ``kill_after``: seconds after which it is killed, should it still run.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as given,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
    ):
        given.write(stdin)
        given.seek(0)
        process = fork(*words, folder=folder, env=env, streams=(given.fileno(), out.fileno(), err.fileno()))
        if kill_after is not None:
            process.answers.settimeout(kill_after)
            try:
                process.answers.recv(1, socket.MSG_PEEK)
            except TimeoutError:
                process.kill()
        code = process.wait()
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


@cache
def _loaded() -> socket.socket:
    """The way to the process that has loaded the program; it ends when this one does."""
    ours, theirs = socket.socketpair()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, __file__, str(theirs.fileno())]
    with theirs:
        server = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


# ── inside the process that has loaded the program ───────────────────────────────────────────────


def _serve(asked: socket.socket) -> list[str]:
    """Fork for whoever asks, and tell how it ended. Returns in the forked process only, with the words it is to run."""
    died, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    living: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([asked, died], [], [])
        if died in ready:
            died.recv(4096)
            _tell(living)
        if asked in ready:
            _, found, _, _ = socket.recv_fds(asked, 1, 1)
            if not found:
                os._exit(0)
            answers = socket.socket(fileno=found[0])
            wish, streams = _read(answers)
            if (pid := os.fork()) == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for ours in (asked, died, wake, answers, *living.values()):
                    ours.close()
                return _become(streams=streams, **wish)
            for stream in streams:
                os.close(stream)
            answers.sendall(str(pid).encode())
            living[pid] = answers


def _read(answers: socket.socket) -> tuple[dict, list[int]]:
    wish, streams, _, _ = socket.recv_fds(answers, 65536, 3)
    while more := answers.recv(65536):
        wish += more
    return json.loads(wish), streams


def _tell(living: dict[int, socket.socket]) -> None:
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with living.pop(pid) as answers, contextlib.suppress(BrokenPipeError):
            answers.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(words: list[str], folder: str, env: dict[str, str], streams: list[int]) -> list[str]:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    # Made anew: what the old ones know of their files (whether they are terminals, can be sought in) is true no more.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    return words


def _load() -> None:
    import bot

    names = [module.name for module in pkgutil.walk_packages(bot.__path__, "bot.") if module.name not in NOT_LOADED]
    for name in (*names, *ELSEWHERE):
        importlib.import_module(name)
    digest_html = importlib.import_module("bot.alerts.digest_html")
    digest_html._template()  # compiled once instead of in each process
    gc.collect()
    gc.freeze()


def _leave(codes: list[int]) -> None:
    """End at once: taking the modules apart would copy every page of memory that is shared with the other processes."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(codes[-1])


def _main() -> None:
    codes = [1]
    atexit.register(_leave, codes)  # the first to be registered is the last to be called
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        _load()
        words = _serve(asked)
    try:
        if words[0] == "-m":
            sys.argv, sys.path[0] = words[1:], str(Path.cwd())
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv, sys.path[0] = words, str(Path(words[0]).parent)
            runpy.run_path(words[0], run_name="__main__")
        codes.append(0)
    except SystemExit as exit_:
        codes.append(int(exit_.code or 0))


if __name__ == "__main__":
    _main()
