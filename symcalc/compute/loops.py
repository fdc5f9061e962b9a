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
    keep = out.append
    {loop}
        {lines}
    return out, ({point}), ({memory}), ({slopes})
"""


@lru_cache(maxsize=64)
def python_source(fused: Fused, everything: bool) -> str:
    """A loop in Python that returns numbers kept step by step, the last point, memory and slopes.

    Args:
        fused: The step.
        everything: Whether loss and slopes are kept beside each point; without, they are worked out afterwards.
    """
    written = fused.python
    rule = [(_landed(name), _landed_text(text)) for name, text in written.rule]
    loss = [(_landed(name), _landed_text(text)) for name, text in written.loss]
    kept = [f"p{e}" for e in range(fused.size)]
    wanted = {f"g{e}" for e in range(fused.size)}
    if everything:
        kept += ["f", *(f"g{e}" for e in range(fused.size))]
        wanted.add("f")
    code = (*rule, *without(tuple(loss), wanted))
    lines = [f"{name} = {text}" for name, text in code if name != text]
    lines += [f"keep({name})" for name in kept]
    uses = set().union(*(words(text) for _, text in code))
    return PYTHON.format(
        constants=_tuple(fused.constants), point=_tuple(f"p{e}" for e in range(fused.size)),
        memory=_tuple(memory(fused, "q")), slopes=_tuple(f"g{e}" for e in range(fused.size)),
        loop=_python_loop(fused, "t" in uses), lines="\n        ".join(lines),
    )  # fmt: skip


def without(code: Code, wanted: set[str]) -> Code:
    """The lines that the wanted names need."""
    kept, needed = [], set(wanted)
    for name, text in reversed(code):
        if name in needed:
            kept.append((name, text))
            needed = (needed - {name}) | words(text)
    return tuple(kept[::-1])


def _python_loop(fused: Fused, timed: bool) -> str:
    names = [*(["t"] if timed else []), *fused.tables]
    runs = [*(["range(t, t + count)"] if timed else []), *(f"tables[{k}]" for k in range(len(fused.tables)))]
    if not names:
        return "for _ in range(count):"
    return f"for {', '.join(names)} in {runs[0] if len(runs) == 1 else 'zip(' + ', '.join(runs) + ')'}:"


def _landed(name: str) -> str:
    """In Python the new point, memory and slopes take the names of the old ones at once."""
    letters = {"n": "p", "r": "q", "h": "g"}
    rest = name[1:].replace("_", "")
    return letters[name[0]] + name[1:] if name[0] in letters and rest.isdigit() else name


def _landed_text(text: str) -> str:
    return renamed(text, {word: _landed(word) for word in words(text)})


def memory(fused: Fused, letter: str) -> list[str]:
    """Names of what the rule remembers, vector by vector."""
    return [f"{letter}{j}_{e}" for j in range(fused.states) for e in range(fused.size)]


def _tuple(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) + "," if listed else "()"
