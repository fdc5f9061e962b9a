"""Errors become one sentence on standard error and an exit code.

    0    done
    1    it ran, but the answer is bad: a failed check, a diverged descent (a command returns 1)
    2    the input cannot be used; nothing was written to standard output
    130  interrupted

A closed pipe ends quietly. An error nobody foresaw says that it is a fault of symcalc; the environment
variable SYMCALC_TRACEBACK=1 shows where it came from.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from symcalc.app.output import PipeClosed, lead_nowhere, tell
from symcalc.errors import SymcalcError

DONE, BAD_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
TRACEBACK = "SYMCALC_TRACEBACK"


def exit_code(work: Callable[[], Any]) -> int:
    """Does the work and says how it ended.

    Args:
        work: What to do; an int it returns is the exit code, None stands for 0.
    """
    try:
        found = work()
        sys.stdout.flush()
        return found if isinstance(found, int) else DONE
    except SymcalcError as error:
        return _said(str(error), BAD_INPUT)
    except click.UsageError as error:
        return _said(_usage(error), BAD_INPUT)
    except click.ClickException as error:
        return _said(error.format_message(), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        return _said("Interrupted.", INTERRUPTED)
    except PipeClosed:
        return DONE
    except BrokenPipeError:
        lead_nowhere()
        return DONE
    except OSError as error:
        return _said(f"The answer cannot be written: {error.strerror or error}.", BAD_ANSWER)
    except MemoryError:
        return _said("There is not enough memory for this.", BAD_ANSWER)
    except Exception as error:
        return _fault(error)


def _said(sentence: str, code: int) -> int:
    tell(f"symcalc: {sentence}", not _shows_everything())
    return code


def _shows_everything() -> bool:
    return (sys.stderr.encoding or "").lower().replace("-", "").startswith("utf")


def _usage(error: click.UsageError) -> str:
    """Click's message as one sentence, with where to read more."""
    sentence = " ".join(error.format_message().split())
    if not sentence.endswith((".", "?", ")")):
        sentence += "."
    path = error.ctx.command_path if error.ctx is not None else "symcalc"
    return f"{sentence} Try '{path} --help'."


def _fault(error: Exception) -> int:
    if os.environ.get(TRACEBACK) == "1":
        tell("".join(traceback.format_exception(error)))
    what = " ".join(f"{type(error).__name__}: {error}".split())
    what = what if len(what) <= 200 else what[:197] + "..."
    return _said(
        f"This is a fault of symcalc, not yours ({what}). "
        f"Please report it with the command you typed; {TRACEBACK}=1 shows where it happened.",
        BAD_ANSWER,
    )
