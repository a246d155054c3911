"""``presswatch completion``: the script that teaches a shell our commands, options and ids."""

from __future__ import annotations

import os
from pathlib import PurePath

import click

SHELLS = ("bash", "zsh", "fish")

EPILOG = """\b
To have it in every new shell
  bash   echo 'eval "$(presswatch completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(presswatch completion zsh)"' >> ~/.zshrc
         (below the line with compinit)
  fish   presswatch completion fish > ~/.config/fish/completions/presswatch.fish

\b
To have it in this shell only
  bash, zsh   eval "$(presswatch completion)"
  fish        presswatch completion fish | source
"""


@click.command("completion", epilog=EPILOG)
@click.argument("shell", metavar="[bash|zsh|fish]", required=False, shell_complete=lambda *_: list(SHELLS))
def command(shell: str | None) -> None:
    """Print the script with which a shell completes commands, options and the ids of your rules and sources.

    Without a name it is the one for your login shell, $SHELL.
    """
    from click.shell_completion import get_completion_class

    from . import COMPLETE_VAR

    known = ", ".join(SHELLS)
    wanted = shell or PurePath(os.environ.get("SHELL", "")).name
    if wanted not in SHELLS:
        if shell:
            raise click.UsageError(f'there is no completion for "{shell}"; there is for {known}')
        raise click.UsageError(f"$SHELL does not name one of {known}: say which, as in presswatch completion bash")
    kind = get_completion_class(wanted)
    assert kind is not None  # noqa: S101 – click has all three
    program = click.get_current_context().find_root().command
    click.echo(kind(program, {}, "presswatch", COMPLETE_VAR).source())
