"""What surrounds the equations of a printed NumPy module: its docstring, its functions, its self-check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.equations import Axis, Name
from symcalc.language.loss import Loss
from symcalc.views import derivation, kinks
from symcalc.views.tables import folded

_WIDTH = 100
_ROWS, _SIZE = 7, 3
# The most entries of a constant that are written out.
_FEW = 100


def default(loss: Loss, name: Name) -> float | None:
    """The number that an argument has unless another is given: that of a constant."""
    value = loss.values.get(name.name) if name.kind == "constant" else None
    return float(value) if value is not None and np.ndim(value) == 0 else None


@dataclass(frozen=True)
class Told:
    """A gradient and the arguments of its functions.

    Attributes:
        gradient: The gradient.
        arguments: The Names of the arguments, in order.
        words: Private symbol → the identifier of an argument.
    """

    gradient: Gradient
    arguments: tuple[Name, ...]
    words: Mapping[Any, str]

    def word(self, name: Name) -> str:
        """The identifier of an argument."""
        return self.words[name.symbol]

    def function(self, name: str, about: str, body: Iterable[str], answer: str) -> str:
        """A function with the arguments of this gradient."""
        signature = ", ".join(self._argument(n) for n in self.arguments)
        words = [self.word(n) for n in self.arguments]
        listed = ", ".join(words)
        if len(words) == 1:
            floats = f"{listed} = np.asarray({listed}, dtype=float)"
        else:
            floats = f"{listed} = (np.asarray(a, dtype=float) for a in ({listed}))"
        lines = [f"def {name}({signature}):", f'    """{escaped(about)}"""', f"    {floats}"]
        return "\n".join([*lines, *(f"    {line}" for line in body), f"    return {answer}"])

    def _argument(self, name: Name) -> str:
        value = default(self.gradient.loss, name)
        return self.word(name) if value is None else f"{self.word(name)}={value!r}"

    def sizes(self, wanted: Mapping[Axis, str]) -> list[str]:
        """Lines that take the sizes of axes from the shapes of the arguments."""
        left, lines = dict(wanted), []
        for name in sorted(self.arguments, key=lambda n: -len(set(n.axes) & set(wanted))):
            found = [axis for axis in dict.fromkeys(name.axes) if axis in left]
            if len(found) == len(name.axes) > 1:
                lines.append(f"{', '.join(left[a] for a in found)} = {self.word(name)}.shape")
            else:
                for axis in found:
                    place = name.axes.index(axis)
                    size = f"{self.word(name)}.shape[{place}]" if place else f"len({self.word(name)})"
                    lines.append(f"{left[axis]} = {size}")
            for axis in found:
                del left[axis]
        return lines


def heading(told: Told, special: bool, style: str) -> str:
    """The docstring of the module and its imports."""
    gradient, loss = told.gradient, told.gradient.loss
    lines = ["Value, gradient and Hessian of a loss in NumPy, written by symcalc.", ""]
    lines += [f"    {line}" for line in derivation.typed(loss, _WIDTH)]
    lines += ["", "Arguments:"]
    for name in told.arguments:
        renamed = "" if told.word(name) == name.name else f", {name.name} in the formula"
        kind = {"definition": "given as it is here"}.get(name.kind, name.kind)
        number = default(loss, name)
        held = "" if number is None else f", {number!r} unless given"
        lines.append(f"    {told.word(name)}: {shape(name.axes)}, {kind}{renamed}{held}.")
    answers = [loss.output.name, *(gradient.slope_name(name.name) for name in gradient.wrt)]
    lines += ["", f"Answers: {'; '.join(f'{n.name}: {shape(n.axes)}' for n in answers)}.", "", "Derivation:"]
    lines += [f"  {line}" for line in derivation.equations(gradient, style, _WIDTH)]
    for sentence in kinks.conventions(loss, gradient.kinks):
        lines += folded(f"Kink: {sentence}", _WIDTH, 4)
    checked = "Checked" if gradient.verdict else "The check"
    lines += [
        "",
        f"{checked} by symcalc: {gradient.verdict.sentence}.",
        "Run this file to check it by central differences.",
    ]
    imports = "import numpy as np" + ("\nfrom scipy import special" if special else "")
    text = "\n".join(line.rstrip() for line in lines)
    if style == "ascii":
        text = text.replace("∂", "d")  # in the names of slopes
    return f'"""{escaped(text)}\n"""\n\n{imports}'


def shape(axes: tuple[Axis, ...]) -> str:
    """A shape in words: `a number`, `array (n,)`, `array (n, k)`."""
    sizes = [axis.label if axis.size is None or axis.rows else str(axis.size) for axis in axes]
    return f"array ({', '.join(sizes)}{',' * (len(sizes) == 1)})" if sizes else "a number"


def escaped(text: str) -> str:
    """Text as it may stand in a docstring; characters that cannot be seen are left out."""
    seen = "".join(c for c in text if c == "\n" or c.isprintable())
    return seen.replace("\\", "\\\\").replace('"', '\\"')


def self_check(told: Told) -> str:
    """The part that runs when the module does: the gradient against central differences."""
    loss, wrt = told.gradient.loss, told.gradient.wrt
    open_axes: dict[Axis, int] = {}
    for name in told.arguments:
        for axis in name.axes:
            if axis.size is None or axis.rows:
                open_axes.setdefault(axis, _ROWS if axis.rows else _SIZE + sum(not a.rows for a in open_axes))
    drawn = [n for n in told.arguments if default(loss, n) is None]
    shapes = {n: tuple(open_axes.get(a, a.size) for a in n.axes) for n in drawn}
    entries = ", ".join(f'"{told.word(n)}": {_drawn(loss, n, shapes[n])}' for n in drawn)
    names = ", ".join(f'"{told.word(n)}"' for n in wrt) + ("," if len(wrt) == 1 else "")
    whole = ", ".join(str(int(loss.per_row and any(a.rows for a in n.axes))) for n in wrt)
    whole += "," if len(wrt) == 1 else ""
    return _CHECK.format(entries=entries, names=names, whole=whole)


def _drawn(loss: Loss, name: Name, sizes: tuple[Any, ...]) -> str:
    """What an argument is in the self-check: a random array, or the constant that it is."""
    value = loss.values.get(name.name) if name.kind == "constant" else None
    if value is None or np.size(value) > _FEW:
        return f"draw(size={sizes})"
    return f"np.array({np.asarray(value, dtype=float).tolist()})"


_CHECK = """if __name__ == "__main__":
    random = np.random.default_rng(0)
    for draw in (random.normal, random.random):  # between 0 and 1 where the loss has no value elsewhere
        point = {{{entries}}}
        point = {{name: np.asarray(value) for name, value in point.items()}}
        value, *slopes = value_and_gradient(**point)
        if np.all(np.isfinite(value)):
            break
    # How many axes of each name run over rows that do not mix: all rows are moved at once.
    for name, rows, slope in zip(({names}), ({whole}), slopes):
        numeric = np.zeros(np.shape(slope))
        for entry in np.ndindex(point[name].shape[rows:]):
            up, down = point[name].copy(), point[name].copy()
            up[(..., *entry)] += 1e-6
            down[(..., *entry)] -= 1e-6
            change = value_and_gradient(**{{**point, name: up}})[0] - value_and_gradient(**{{**point, name: down}})[0]
            numeric[(..., *entry)] = change / 2e-6
        scale = np.maximum(1.0, np.abs(slope)) + 1e-3 * np.max(np.abs(value))  # the value's rounding, over the step
        gap = np.max(np.abs(numeric - slope) / scale)
        print(f"slope in {{name}}: largest gap to central differences {{gap:.1e}}")
        if not gap < 1e-5:
            raise SystemExit("The gradient does not agree with central differences at a random point.")"""
