"""Equations as JavaScript statements: one loop nest for each, over flat row-major arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name
from symcalc.errors import InputError
from symcalc.views.javascript.words import HELPERS, MATH

_STARTS = {"sum": "0", "max": "-Infinity", "min": "Infinity", "prod": "1", "logsumexp": "-Infinity"}
_MATRIX = ("inv", "det", "logdet")


class Writer:
    """Writes equations over one set of private names.

    Args:
        names: Private symbol → Name.
        axes: Index symbol → Axis.
        sizes: Words for open lengths → axis; shared by all functions of a script, and grown here.

    Attributes:
        used: Private symbols that occur.
        lengths: Words of the open lengths that occur.
        helpers: Words of the helpers that occur.
    """

    def __init__(self, names: Mapping[Any, Name], axes: Mapping[Any, Axis], sizes: dict[str, Axis]) -> None:
        self.names, self.axes, self.sizes = names, axes, sizes
        self.used: set[Any] = set()
        self.lengths: dict[str, None] = {}
        self.helpers: set[str] = set()

    def word(self, name: Name) -> str:
        """The identifier of a name: its private symbol."""
        return str(name.symbol.label if name.axes else name.symbol)

    def size(self, axis: Axis) -> str:
        """The length of an axis: a number where it cannot change, else an identifier."""
        if axis.size is not None and not axis.rows:
            return str(axis.size)
        word = next((word for word, known in self.sizes.items() if known == axis), f"s{len(self.sizes)}")
        self.sizes.setdefault(word, axis)
        self.lengths[word] = None
        return word

    def equation(self, equation: Equation) -> list[str]:
        """One equation as statements that leave its value under its name."""
        self.used.add(equation.name.symbol)
        word, indices = self.word(equation.name), equation.indices
        if equation.reduction in _MATRIX:
            return self._of_matrix(equation, word)
        if not indices:
            inner, total = self._value(equation)
            return [*inner, f"const {word} = {total};"]
        lengths = [self.size(self.axes[i]) for i in indices]
        lines = [f"const {word} = new Float64Array({' * '.join(lengths)});"]
        inner, total = self._value(equation)
        place = self._place(equation.name, indices)
        return lines + self._loops(indices, [*inner, f"{word}[{place}] = {total};"])

    def _value(self, equation: Equation) -> tuple[list[str], str]:
        """Statements, and the expression of what they lead to."""
        if equation.reduction != "sum":
            return self._reduced(equation)
        lines, parts = [], []
        for k, term in enumerate(equation.terms):
            if not term.over:
                parts.append(self.write(term.body))
                continue
            total = f"{self.word(equation.name)}_{k}"
            lines.append(f"let {total} = 0;")
            lines += self._loops(term.over, [f"{total} += {self.write(term.body)};"])
            parts.append(total)
        return lines, " + ".join(parts) or "0"

    def _reduced(self, equation: Equation) -> tuple[list[str], str]:
        (term,) = equation.terms
        kind, total = equation.reduction, f"{self.word(equation.name)}_0"
        body = self.write(term.body)
        # NaN must win, as it does in NumPy; Math.max and Math.min see to that.
        step = {
            "max": f"{total} = Math.max({total}, {body});", "min": f"{total} = Math.min({total}, {body});",
            "prod": f"{total} *= {body};", "logsumexp": f"{total} = Math.max({total}, {body});",
        }[kind]  # fmt: skip
        lines = [f"let {total} = {_STARTS[kind]};", *self._loops(term.over, [step])]
        if kind != "logsumexp":
            return lines, total
        rest = f"{total}_rest"
        lines += [f"if (!Number.isFinite({total})) {total} = Number.isNaN({total}) ? NaN : 0;", f"let {rest} = 0;"]
        lines += self._loops(term.over, [f"{rest} += Math.exp({body} - {total});"])
        return lines, f"{total} + Math.log({rest})"

    def _of_matrix(self, equation: Equation, word: str) -> list[str]:
        (term,) = equation.terms
        if equation.indices and equation.reduction != "inv":
            raise InputError("There is no JavaScript for a determinant of each of several matrices.")
        self.helpers.add(equation.reduction)
        first, second = term.over
        side = self.size(self.axes[first])
        flat = f"{word}_0"
        fill = self._loops(term.over, [f"{flat}[{first} * {side} + {second}] = {self.write(term.body)};"])
        return [
            f"const {flat} = new Float64Array({side} * {side});",
            *fill,
            f"const {word} = {HELPERS[equation.reduction][0]}({flat}, {side});",
        ]

    def _loops(self, indices: Sequence[Any], body: Iterable[str]) -> list[str]:
        heads = [f"for (let {i} = 0; {i} < {self.size(self.axes[i])}; {i}++)" for i in indices]
        return [*(f"{head} {{" for head in heads), *(f"  {line}" for line in body), *("}" for _ in heads)]

    def _place(self, name: Name, indices: Sequence[Any]) -> str:
        """Where an entry lies in the flat, row-major array."""
        place = ""
        for axis, index in zip(name.axes, indices):
            written = self._index(index)
            place = written if not place else f"({place}) * {self.size(axis)} + {written}"
        return place

    def _index(self, index: Any) -> str:
        if index.is_Symbol or index.is_Integer:
            return str(index)
        return "(" + " + ".join(self._index(part) for part in index.args) + ")"

    # -- expressions -----------------------------------------------------------------------------

    def write(self, body: Any) -> str:
        """An expression; parentheses around everything that is made of parts."""
        if body.is_Number:
            return _number(body)
        if isinstance(body, sp.Indexed):
            return self._entry(body)
        if body is sp.pi or body is sp.E:
            return "Math.PI" if body is sp.pi else "Math.E"
        if body.is_Symbol:
            if body in self.names:
                self.used.add(body)
            return str(body)
        if body.is_Add:
            return "(" + " + ".join(self.write(part) for part in body.args) + ")"
        if body.is_Mul:
            return self._product(body)
        if body.is_Pow:
            return self._power(body.base, body.exp)
        if isinstance(body, sp.KroneckerDelta):
            one, two = (self._index(part) for part in body.args)
            return f"({one} === {two} ? 1 : 0)"
        return self._call(type(body).__name__, body.args)

    def _entry(self, body: Any) -> str:
        name = self.names[body.base]
        self.used.add(body.base)
        entry = f"{self.word(name)}[{self._place(name, body.indices)}]"
        moved = [(axis, i) for axis, i in zip(name.axes, body.indices) if self._may_leave(axis, i)]
        # Beyond the ends of an array every entry counts as 0.
        inside = " && ".join(f"{self._index(i)} >= 0 && {self._index(i)} < {self.size(axis)}" for axis, i in moved)
        return f"({inside} ? {entry} : 0)" if inside else entry

    def _may_leave(self, axis: Axis, index: Any) -> bool:
        """Whether an index may lie beyond the ends of an axis: it is shifted, or runs over a longer one."""
        return bool(index.is_Add or (index.is_Symbol and self.size(self.axes[index]) != self.size(axis)))

    def _product(self, body: Any) -> str:
        above, below, sign = [], [], ""
        for factor in body.args:
            if factor is sp.S.NegativeOne:
                sign = "-"
                continue
            if factor.is_Pow and factor.exp.is_number and factor.exp.is_negative:
                below.append(self._power(factor.base, -factor.exp))
            else:
                above.append(self.write(factor))
        top = " * ".join(above) or "1"
        if not below:
            return f"({sign}{top})"
        return f"({sign}{top} / {below[0] if len(below) == 1 else '(' + ' * '.join(below) + ')'})"

    def _power(self, base: Any, exponent: Any) -> str:
        if exponent.is_number and exponent.is_negative:
            return f"(1 / {self._power(base, -exponent)})"
        written = self.write(base)
        if exponent == 1:
            return written
        if exponent == sp.S.Half:
            return f"Math.sqrt({written})"
        if exponent == 2 and (base.is_Symbol or isinstance(base, sp.Indexed)):
            return f"({written} * {written})"
        return f"Math.pow({written}, {self.write(exponent)})"

    def _call(self, word: str, arguments: tuple[Any, ...]) -> str:
        listed = ", ".join(self.write(a) for a in arguments)
        if word in MATH:
            return f"Math.{MATH[word]}({listed})"
        if word not in HELPERS:
            raise InputError(f"There is no JavaScript for the function {word}.")
        self.helpers.add(word)
        return f"{HELPERS[word][0]}({listed})"


def _number(number: Any) -> str:
    """A number as the double nearest to it, in parentheses where it is below 0."""
    value = float(number)
    text = repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return f"({text})" if value < 0 else text
