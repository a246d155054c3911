"""The command line: one module per command group, loaded only when its command is used.

A command opens the app, calls one function of the pipeline and prints its report. Exit codes:
0 done; 1 done, but something needs attention; 2 wrong use; 3 cannot run; 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from bot import __version__
from bot.errors import ConfigError, PresswatchError, StoreError

if TYPE_CHECKING:
    from typing import Any

    from click.shell_completion import CompletionItem

# command → (module, one line of help): the line stands here so that `presswatch --help` loads nothing else.
COMMANDS = {
    "run": ("run", "Poll, match and alert: for ever, or once with --once."),
    "init": ("init", "Write a commented config.toml here, to start from."),
    "match": ("match", "Try files against the rules; nothing is stored."),
    "rules": ("rules", "Check, list, show and test the rules."),
    "sources": ("sources", "List the sources with their health, check or add them, or exchange lists of feeds."),
    "alerts": ("alerts", "List what was alerted, or send the newest once more."),
    "stories": ("stories", "List which articles tell one event, in the archive or in any files."),
    "preview": ("preview", "Show an alert as a destination gets it; nothing is sent."),
    "mute": ("mute", "Keep alerts of something quiet for a while."),
    "digest": ("digest", "List the digests, or preview one's next issue."),
    "search": ("search", "Find articles in the archive by their words."),
    "deadlines": ("deadlines", "List the days to come that matching articles tell of, or write them as a calendar."),
    "explain": ("explain", "Say why an article was told, or why not."),
    "replay": ("replay", "Make the decisions of a past time once more, and compare."),
    "volume": ("volume", "Show how many stories a theme has, beside what is usual."),
    "ledger": ("ledger", "Prove that every item that was fetched is accounted for."),
    "doctor": ("doctor", "Check that everything is set up, each with its remedy."),
    "prune": ("prune", "Remove texts, decisions and polls older than they are kept."),
    "db": ("db", "Upgrade the database, back it up, or carry it to another one."),
    "worker": ("worker", "Do what is due, as one of many processes."),
    "clock": ("clock", "Say what is due, for workers to do."),
    "status": ("status", "Show clocks, workers, queues and what needs attention."),
    "completion": ("completion", "Print the script for completion in bash, zsh or fish."),
}

# How a shell asks us what may come next, whatever name we were started by.
COMPLETE_VAR = "_PRESSWATCH_COMPLETE"

EPILOG = """\b
First steps
  presswatch run --once      poll everything that is due, show the alerts
  presswatch init            write a config.toml to edit
  presswatch rules check     after editing a file in rules/

\b
Exit codes
  0 done   1 done, but something needs attention   2 wrong use
  3 cannot run (database)   130 interrupted
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order a newcomer needs them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and take its ``command``."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f".{COMMANDS[cmd_name][0]}", __package__).command
        assert isinstance(command, click.Command)  # noqa: S101 – a fact about our own modules
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "see presswatch --help"
            ctx.fail(f'there is no command "{name}": {hint}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command list without importing the commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """Offer the commands, each with its line, without importing them."""
        from click.shell_completion import CompletionItem

        begun = [CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)]
        return [*begun, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(dir_okay=False), help="Use this file instead of ./config.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, for scripts.")
@click.option("-v", "--verbose", count=True, help="Say more (twice: everything).")
@click.version_option(__version__, prog_name="presswatch")
@click.pass_context
def cli(ctx: click.Context, config: str | None, as_json: bool, verbose: int) -> None:
    """Presswatch watches the press: every relevant article at once, once, with the reason."""
    from .common import Settings

    ctx.obj = Settings(config_path=config, as_json=as_json, verbose=verbose)


def main() -> None:
    """Run the command line and end with the exit code of its outcome."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = cli.main(standalone_mode=False, complete_var=COMPLETE_VAR)
    except click.exceptions.Abort:
        return _stop("interrupted", 130)
    except click.ClickException as error:
        error.show()
        return 2
    except SystemExit as exit_:
        # When the reader (head, less) has gone, click wraps standard output and exits with 1; but nothing is wrong.
        return 0 if type(sys.stdout).__name__ == "PacifyFlushWrapper" else int(exit_.code or 0)
    except ConfigError as error:
        return _stop("\n".join(str(fault) for fault in error.faults), 2)
    except StoreError as error:
        return _stop(str(error), 3)
    except PresswatchError as error:
        return _stop(str(error), 1)
    except KeyboardInterrupt:
        return _stop("interrupted", 130)
    return result if isinstance(result, int) else 0


def _stop(message: str, code: int) -> int:
    click.echo(f"presswatch: {message}" if "\n" not in message else message, err=True)
    return code
