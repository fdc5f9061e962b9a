"""The source text of a whole descent as one loop in Python, and the parts that every engine's loop has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from symcalc.compute.dialects import renamed, words
from symcalc.compute.fused import Code, Fused

PYTHON = """\
def walk(count, t, rate, a, tables, p, q, g):
    {constants} = a
    {point} = p
    {memory} = q
    {slopes} = g
    out = []
    keep = out.extend
    whole = count - count % {wide}
    {together}
    {alone}
    return out, ({point}), ({memory}), ({slopes})
"""
# So many steps are written one after the other, and kept in one call, where that is no more than so many lines.
MOST_WIDE, MOST_LINES = 8, 96


@lru_cache(maxsize=64)
def python_source(fused: Fused, everything: bool) -> str:
    """A loop in Python that returns numbers kept step by step, the last point, memory and slopes.

    Args:
        fused: The step.
        everything: Whether loss and slopes are kept beside each point; without, they are worked out afterwards.
    """
    entries = range(fused.size)
    wanted = {*(f"h{e}" for e in entries), *(["f"] if everything else [])}
    code = (*fused.python.rule, *without(fused.python.loss, wanted))
    wide = max(1, min(MOST_WIDE, MOST_LINES // len(code)))
    return PYTHON.format(
        constants=_tuple(fused.constants), point=_tuple(f"p{e}" for e in entries),
        memory=_tuple(memory(fused, "q")), slopes=_tuple(f"g{e}" for e in entries), wide=wide,
        together=_loop(fused, code, everything, wide, "0", "whole") if wide > 1 else "whole = 0",
        alone=_loop(fused, code, everything, 1, "whole", "count"),
    )  # fmt: skip


def _loop(fused: Fused, code: Code, everything: bool, wide: int, first: str, last: str) -> str:
    """The loop over steps from one number to another, so many of them at a time."""
    lines, kept, names, runs = [], [], [], []
    moving = [*fused.tables, *(["t"] if any("t" in words(text) for _, text in code) else [])]
    for j in range(1, wide + 1):
        # The last of them lands on the names that the first one reads.
        here, before = ("" if k in (0, wide) else f"_{k}" for k in (j, j - 1))
        own = (here, before) if everything else ("", "")
        spelled = {"f": f"f{here}", **{name: f"{name}_{j}" for name in moving}}
        for e in range(fused.size):
            spelled |= {f"p{e}": f"p{e}{before}", f"n{e}": f"p{e}{here}"}
            spelled |= {f"g{e}": f"g{e}{own[1]}", f"h{e}": f"g{e}{own[0]}"}
        spelled |= dict(zip(memory(fused, "r"), memory(fused, "q")))
        written = [(spelled.get(name, name), renamed(text, spelled)) for name, text in code]
        lines += [f"{name} = {text}" for name, text in written if name != text]
        shown = [*(f"n{e}" for e in range(fused.size)), *(["f"] if everything else [])]
        kept += [spelled[name] for name in (*shown, *(f"h{e}" for e in range(fused.size) if everything))]
        begin = f"{first} + {j - 1}"
        names += [spelled[name] for name in moving]
        runs += [f"tables[{k}][{begin}:{last}:{wide}]" for k in range(len(fused.tables))]
        runs += [f"range(t + {begin}, t + {last}, {wide})"] if "t" in moving else []
    head = f"{_tuple(names)} in zip({', '.join(runs)})" if names else f"_ in range({first}, {last}, {wide})"
    body = "\n        ".join([*lines, f"keep(({_tuple(kept)}))"])
    return f"for {head}:\n        {body}"


def without(code: Code, wanted: set[str]) -> Code:
    """The lines that the wanted names need."""
    kept, needed = [], set(wanted)
    for name, text in reversed(code):
        if name in needed:
            kept.append((name, text))
            needed = (needed - {name}) | words(text)
    return tuple(kept[::-1])


def memory(fused: Fused, letter: str) -> list[str]:
    """Names of what the rule remembers, vector by vector."""
    return [f"{letter}{j}_{e}" for j in range(fused.states) for e in range(fused.size)]


def _tuple(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) + "," if listed else "()"
