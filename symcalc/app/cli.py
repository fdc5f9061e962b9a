"""The command `symcalc`: each command is a file of `app/commands/`, imported when it is asked for."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

import symcalc
from symcalc.app.failures import exit_code
from symcalc.app.loading import Loading
from symcalc.sources.watching import watched

COMMANDS = (
    "derive",
    "descend",
    "compare",
    "step-sizes",
    "sensitivity",
    "check",
    "exercise",
    "predict",
    "plot",
    "animate",
    "report",
    "explore",
    "catalogue",
)

HELP = """Type a loss, see its exact gradient and why, walk down it.

\b
symcalc descend                                   the lesson: a model learns by walking down its loss
symcalc derive "mean((y - (m*x + b))^2)"          the gradient, derived and checked
symcalc derive rosenbrock --at x=-1.2,y=1         with numbers
symcalc descend "mean(abs(y - (m*x + b)))" --data your.csv
symcalc compare movies --at m=1.4,b=100           numeric slopes beside the exact ones
symcalc step-sizes movies --at m=0,b=0            which learning rates can work, and why
symcalc check movies --wrt m --answer "2*mean(x*r)"   is that the slope? if not, which mistake is it
symcalc sensitivity ridge --to lam                how the minimum moves if a constant or a cell does
symcalc exercise --level 2                        a loss to differentiate yourself, with hints
symcalc predict run.json --data new.csv           a saved run on new rows
symcalc plot contour rosenbrock -o path.png       a picture of a loss, its slopes or a descent
symcalc report movies -o page.html                one HTML file to look at and to play with
symcalc catalogue                                 lessons, losses, surfaces, optimizers, functions

A formula is text, @file, - for standard input, or a name of the catalogue.
"""


class Lazy(click.Group):
    """A group whose commands are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = f"symcalc.app.commands.{cmd_name.replace('-', '_')}"
        try:
            found = import_module(module).command
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            return None
        return found if isinstance(found, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        word = args[0] if args else ""
        if word and not word.startswith("-") and word not in COMMANDS:
            ctx.fail(_unknown(word))
        return super().resolve_command(ctx, args)


def _unknown(word: str) -> str:
    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.6)
    if near:
        return f"There is no command '{word}'. Did you mean '{near[0]}'?"
    if any(sign in word for sign in "()^*+="):
        return f"There is no command '{word}'. To derive a formula write symcalc derive \"{word}\"."
    return f"There is no command '{word}'. There are {', '.join(COMMANDS)}."


@click.group(
    cls=Lazy,
    help=HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(symcalc.__version__, prog_name="symcalc", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """The group itself: without a command it shows its help."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line.

    Args:
        arguments: The words after `symcalc`; those of the process unless given.

    Returns:
        The exit code.
    """
    words = None if arguments is None else list(arguments)
    # Most of what a command makes it keeps; looking for cycles in it is a tenth of its start.
    gc.set_threshold(50_000, 20, 100)
    with watched(Loading()):
        return exit_code(lambda: cli.main(words, prog_name="symcalc", standalone_mode=False))


if __name__ == "__main__":
    sys.exit(main())
