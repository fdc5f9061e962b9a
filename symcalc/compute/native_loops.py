"""The source text of a whole descent as one compiled loop, in C and for numba.

`walk` takes at most `count` steps and keeps each. It ends before a step that something has to be said about (a number
that is not finite, a point that stands still, a gradient near the tolerance): the ordinary loop takes that one.
`many` walks many runs and keeps only where they end; see `native_lanes`.
"""

from __future__ import annotations

from functools import lru_cache

from symcalc.compute import native_lanes, native_words
from symcalc.compute.dialects import NotWritten, words
from symcalc.compute.fused import Code, Fused
from symcalc.compute.loops import memory

NUMBA = """\
def walk(count, first, rate, a, tables, width, p, q, g, points, losses, gradients, near):
    {given}
    {start}
    done = 0
    for k in range(count):
        {step}
        squares = {squares}
        total = f + squares + {sum}
        if not (total - total == 0.0) or squares < near or ({still}):
            break
        {commit}
        {keep}
        done += 1
    {back}
    return done
"""

C = """\
#include <math.h>
#include <string.h>
{words}
long long walk(long long count, double first, double rate, const double *a, const double *tables, long long width,
               double *p, double *q, double *g, double *points, double *losses, double *gradients, double near) {{
    {given}
    {start}
    long long k = 0;
    for (; k < count; k++) {{
        {step}
        double squares = {squares}, total = f + squares + {sum};
        if (!(total - total == 0) || squares < near || ({still})) break;
        {commit}
        {keep}
    }}
    {back}
    return k;
}}

{many}"""


@lru_cache(maxsize=64)
def c_source(fused: Fused, patience: int) -> str:
    """The loops in C.

    Args:
        fused: The step.
        patience: After how many steps on one spot a run of `many` ends.

    Raises:
        NotWritten: C has no words for it.
    """
    parts = _Parts(fused, "c")
    frozen = " && ".join(["0" if fused.timed else "1", *map("{} == {}".format, parts.after, parts.before)])
    finite = " && ".join(f"isfinite({name})" for name in ("f", *parts.led, *parts.slopes))
    many = native_lanes.C.format(
        **parts.all, **parts.wide, size=fused.size, remembered=fused.states * fused.size, patience=patience,
        together=native_lanes.TOGETHER,
        frozen=frozen, finite=finite, slopes=", ".join(parts.slopes), out_of_steps=native_lanes.OUT_OF_STEPS,
        converged=native_lanes.CONVERGED, stalled=native_lanes.STALLED, not_finite=native_lanes.NOT_FINITE,
    )  # fmt: skip
    return C.format(**parts.all, words=native_words.C, many=many)


@lru_cache(maxsize=64)
def numba_source(fused: Fused) -> str:
    """The loop for numba.

    Raises:
        NotWritten: numba has no words for it.
    """
    return NUMBA.format(**_Parts(fused, "numba").all)


class _Parts:
    """The parts of a loop in C or for numba."""

    def __init__(self, fused: Fused, dialect: str) -> None:
        if isinstance(fused.native, str):
            raise NotWritten(fused.native)
        self.fused, self.c = fused, dialect == "c"
        size = fused.size
        self.end, self.both = (";", " && ") if self.c else ("", " and ")
        self.led, self.slopes = ([f"{letter}{e}" for e in range(size)] for letter in "nh")
        self.point, self.old = ([f"{letter}{e}" for e in range(size)] for letter in "pg")
        self.before, self.after = memory(fused, "q"), memory(fused, "r")
        self.code: Code = (*fused.native.rule, *fused.native.loss)

    @property
    def all(self) -> dict[str, str]:
        """Every part by its name."""
        held = [(self.point, "p"), (self.before, "q"), (self.old, "g")]
        pairs = [*zip(self.point, self.led), *zip(self.before, self.after), *zip(self.old, self.slopes)]
        still = self.both.join(f"{n} == {p}" for p, n in zip(self.point, self.led))
        kept = [f"points[k*{len(self.led)} + {e}] = {name}" for e, name in enumerate(self.led)]
        kept += ["losses[k] = f", *(f"gradients[k*{len(self.led)} + {e}] = {h}" for e, h in enumerate(self.slopes))]
        return {
            "given": self.lines([f"{self.word}{name} = a[{k}]" for k, name in enumerate(self.fused.constants)], 4),
            "start": self.lines([f"{self.word}{x} = {a}[{e}]" for names, a in held for e, x in enumerate(names)], 4),
            "step": self.lines(self._step(), 8),
            "squares": " + ".join(f"{h}*{h}" for h in self.slopes),
            "sum": " + ".join(self.led),
            "still": still,
            "commit": self.lines([f"{old} = {new}" for old, new in pairs], 8),
            "keep": self.lines(kept, 8),
            "back": self.lines([f"{a}[{e}] = {x}" for names, a in held for e, x in enumerate(names)], 4),
        }

    @property
    def wide(self) -> dict[str, str]:
        """The parts of the loop over lanes: a row of numbers side by side for each number of a run."""
        now, then = [*self.point, *self.before, *self.old], [*self.led, *self.after, *self.slopes]
        return {
            "numbers": str(len(now) + 2),
            "tables": self.lines(self._tables(), 12),
            "lane_start": self.lines([f"const double {name} = now[{n}][l]" for n, name in enumerate(now)], 16),
            "lane_step": self.lines(self._code(), 16),
            "lane_commit": self.lines([f"now[{n}][l] = {name}" for n, name in enumerate(then)], 16),
        }

    def lines(self, statements: list[str], indent: int) -> str:
        """Statements, one a line."""
        return ("\n" + " " * indent).join(f"{s}{self.end}" for s in statements)

    @property
    def word(self) -> str:
        """What declares a number."""
        return "double " if self.c else ""

    def _step(self) -> list[str]:
        return [*self._tables(), *self._code()]

    def _tables(self) -> list[str]:
        """The numbers that change with the step."""
        found = [f"{self.word}{name} = tables[{j}*width + k]" for j, name in enumerate(self.fused.tables)]
        if any("t" in words(text) for _, text in self.code):
            found.append(f"{self.word}t = first + {'(double)k' if self.c else 'float(k)'}")
        return found

    def _code(self) -> list[str]:
        found: list[str] = []
        set_before: set[str] = set()
        for name, text in self.code:
            found.append(f"{'' if name in set_before else self.word}{name} = {text}")
            set_before.add(name)
        return found
