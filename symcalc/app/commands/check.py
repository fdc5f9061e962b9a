"""`symcalc check`: is that the slope, and if not, which mistake leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from symcalc.app.failures import BAD_ANSWER, DONE
from symcalc.app.inputs import formula_options, kinks_option, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError


@click.command(short_help="Is that the slope? If not, which mistake leads to it.")
@formula_options()
@click.option("--wrt", metavar="NAME", help="The parameter; may be left out where there is only one.")
@click.option("--answer", metavar="FORMULA", help="The slope as you have it; - for standard input, or @file.")
@click.option("--on-data", is_flag=True, help="Being equal on the data is enough; else it must be for all data.")
@click.option("--code", metavar="FILE:FUNCTION", help="Audit a function instead: slopes.py:gradient. The file is run.")
@click.option(
    "--style",
    type=click.Choice(["numpy", "xgboost", "torch"]),
    default="numpy",
    show_default=True,
    help="How --code is called: names as keywords; (predt, dtrain); or names as tensors.",
)
@click.option(
    "--at", metavar="POINT", multiple=True, help="Where --code is called: m=1,b=2; random points unless given."
)
@click.option("--time-limit", type=float, default=60.0, show_default=True, metavar="SECONDS", help="For --code.")
@click.option("--claims", metavar="FILE", help="Audit printed numbers instead: a CSV file headed m,b,dL/dm,loss.")
@kinks_option
@output_options
def command(
    formula: str,
    data: str | None,
    set_: Sequence[str],
    columns: Sequence[str],
    shape: Sequence[str],
    parameters: str | None,
    wrt: str | None,
    answer: str | None,
    on_data: bool,
    code: str | None,
    style: str,
    at: Sequence[str],
    time_limit: float,
    claims: str | None,
    kinks: str | None,
    out: Output,
) -> int:
    """Whether an answer is the slope of a loss; a wrong one is told which mistake leads to it.

    Any equivalent form is right: mean or sum, matrix notation or index form, with the loss's own definitions and
    with r for the residual, as symcalc prints it. The exit code is 0 for a right answer and 1 for a wrong one.

    \b
    Examples:
      symcalc check "mean((y - (m*x + b))^2)" --wrt m --answer "-2*mean(x*(y - (m*x + b)))"
      symcalc check movies --wrt b --answer "2*mean(r)"
      symcalc check "x*sin(x)" --answer "cos(x)"
      symcalc check "mean((y - X@w)^2) + lam*sum(w^2)" --set lam=0.1 --wrt w --answer "2*X.T@(X@w - y)/n"
      symcalc check "log(1 + exp(-z))" --answer @answer.txt --json
      symcalc check movies --code slopes.py:gradient
      symcalc check movies --claims printed.csv
    """
    if sum(given is not None for given in (answer, code, claims)) != 1:
        raise InputError(
            "What is to be checked? Write one of --answer, such as --answer '-2*mean(x*r)', --code and --claims."
        )
    if at and code is None:
        raise InputError("--at says where --code is called; an answer must be right everywhere.")
    loss = read_inputs(formula, data, set_, columns, shape, parameters)
    if code is not None:
        from symcalc.app import auditing

        return shown(auditing.code(loss, code, style, wrt, at, time_limit, kinks), out)
    if claims is not None:
        from symcalc.app import auditing

        return shown(auditing.claims(loss, claims, wrt, kinks), out)
    assert answer is not None
    return shown(_checked(loss, wrt, _text(answer, formula), on_data, kinks), out)


def _text(answer: str, formula: str) -> str:
    from symcalc.app.inputs import STANDARD_INPUT, formula_text

    if answer == STANDARD_INPUT == formula:
        raise InputError("The formula and the answer cannot both come from standard input; write one of them out.")
    return formula_text(answer) if answer == STANDARD_INPUT or answer.startswith("@") else answer


def _checked(loss: Any, wrt: str | None, answer: str, on_data: bool, kinks: str | None) -> Any:
    from symcalc.api import check

    return check(loss, wrt, answer, on_data=on_data, **({} if kinks is None else {"kinks": kinks}))


def shown(found: Any, out: Output) -> int:
    """Writes what became of an answer; the exit code."""
    from symcalc.views import marking

    if out.json:
        out.document(marking.document(found))
    else:
        for line in marking.lines(found, out.width, out.digits, out.style):
            out.write(line)
    return DONE if found else BAD_ANSWER
