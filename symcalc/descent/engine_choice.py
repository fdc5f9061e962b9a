"""Which engine takes the steps of a descent: the choice never changes a bit of the run.

A loop of straight-line code is made where the rule works entry by entry at one fixed rate and the run is long enough
to pay for making it. C and numba are used where they are there and their compilation pays; `engine=` asks for one.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from symcalc.compute import native
from symcalc.compute.dialects import NotWritten, is_exact, words
from symcalc.compute.fused import Fused, fuse
from symcalc.compute.inspection import moving_kinks
from symcalc.compute.native_loops import c_source, numba_source
from symcalc.compute.program import Program
from symcalc.compute.unrolled import unrolled
from symcalc.descent.engines import Engine, InNative, InPython, in_c
from symcalc.descent.method import Method, Plain, RuleMethod
from symcalc.descent.optimizer import Optimizer
from symcalc.descent.rates import Fixed
from symcalc.descent.stopping import PATIENCE
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable

ENGINES = ("ordinary", "python", "native")
# Measured: making a Python loop takes as long as some hundred ordinary steps; C takes a tenth of a second to compile
# and numba over one with its import; an operation of Python some 25 ns.
LEAST_STEPS, _OPERATION = 1_000, 25e-9
_C_SECONDS, _NUMBA_SECONDS = 0.1, 1.5
# Functions of a rule that NumPy, Python and C give the same bits.
_ALIKE = {"sqrt", "Absolute", "Sign", "Maximum", "Minimum", "Relu", "Where", "Less", "LessEqual", "Same", "Differs",
          "floor"}  # fmt: skip

_fused: WeakKeyDictionary[Program, dict[Any, Fused | str]] = WeakKeyDictionary()


def engine_for(
    program: Differentiable, method: Method, steps: int, tolerance: float | None, asked: str | None
) -> Engine | None:
    """The engine of a descent; None for the ordinary loop.

    Args:
        program: The compiled loss.
        method: How it descends.
        steps: How many steps at most.
        tolerance: The tolerance, or None.
        asked: ordinary, python or native; None chooses.

    Raises:
        InputError: There is no such engine, or the one asked for cannot walk this.
    """
    if asked is not None and asked not in ENGINES:
        raise InputError(f"There is no engine {asked!r}; there are {', '.join(ENGINES)}.")
    if asked == "ordinary" or (asked is None and steps < LEAST_STEPS):
        return None
    found = fused_for(program, method, asked is not None)
    if isinstance(found, str):
        if asked is None:
            return None
        raise InputError(f"engine={asked!r} cannot walk this: {found}. Leave engine out.")
    rule, rate = method.rule, method.rate
    assert rate is not None
    if asked is None and not alike(program, found):
        return None
    made = _native(found, rule, rate, tolerance, steps, asked) if asked != "python" else None
    if made is None and asked == "native":
        lacks = found.native if isinstance(found.native, str) else ""
        why = lacks or "it needs a C compiler, or numba (symcalc-explorer[native])"
        raise InputError(f"engine='native' cannot walk this: {why}. Leave engine out, or use engine='python'.")
    return made or InPython(found, rule, rate, tolerance)


def fused_for(program: Differentiable, method: Method, unroll: bool) -> Fused | str:
    """The step of a descent in straight-line code, or why there is none."""
    if not isinstance(program, Program) or program.loss.per_row:
        return "it needs the formula of a loss with one value"
    if program.rounds:
        return "its rows are in float32"
    plain = type(method) is RuleMethod and type(method.view) is Plain and type(method.pace) is Fixed
    if not plain or method.land is not None or method.rule.given or method.rate is None:
        return "it takes a fixed learning rate, all rows and no limits"
    if program.lines is None and not unroll:
        return "it has arrays"
    made = _fused.setdefault(program, {})
    key = (method.rule.formula, tuple(method.rule.constants))
    if key not in made:
        made[key] = _fuse(program, method.rule)
    return made[key]


def _fuse(program: Program, rule: Optimizer) -> Fused | str:
    if tuple(program.gradient_equations.wrt) != program.parameters or not program.parameters:
        return "every parameter needs a slope"
    if moving_kinks(program):
        return "the loss has kinks, which are looked at one by one"
    try:
        return fuse(program.lines or unrolled(program), rule.update)
    except NotWritten as reason:
        return str(reason)


def alike(program: Differentiable, fused: Fused) -> bool:
    """Whether every engine gives the bits of the ordinary loop."""
    if not isinstance(program, Program) or program.lines is None:
        return False
    return all(is_exact(text) or (_called(text) <= _ALIKE and "**" not in text) for _, text in fused.python.rule)


def _called(text: str) -> set[str]:
    return {word for word in words(text) if f"{word}(" in text}


def _native(
    fused: Fused, rule: Optimizer, rate: float, tolerance: float | None, steps: int, asked: str | None
) -> Engine | None:
    if isinstance(fused.native, str):
        return None
    source = c_source(fused, PATIENCE)
    seconds = steps * fused.operations * _OPERATION
    if asked or pays_in_c(fused, source, steps):
        loops = native.c_loops(source)
        if loops is not None:
            return in_c(fused, rule, rate, tolerance, loops)
    if (asked or seconds > _NUMBA_SECONDS) and native.has_numba():
        walk = native.numba_loop(numba_source(fused))
        if walk is not None:
            return InNative(fused, rule, rate, tolerance, "numba", walk)
    return None


def pays_in_c(fused: Fused, source: str, steps: int) -> bool:
    """Whether so many steps take longer in Python than C takes to compile; compiled code that is there costs nothing."""
    return steps * fused.operations * _OPERATION > _C_SECONDS or native.is_ready(source)
