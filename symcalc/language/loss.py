"""A formula read as a loss: its names, and its equations in index notation.

loss = read("yhat = m*x + b;  mean((y - yhat)^2)")
[str(e) for e in loss.equations]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name
from symcalc.language import indexform, names, onehot, shapes, structures, teaching
from symcalc.language.expansion import expanded
from symcalc.language.faults import Fault, located
from symcalc.language.lowering import Lowering
from symcalc.language.names import ROWS, Declared, Reading
from symcalc.language.scope import Scope, Value
from symcalc.looks import Shown, view
from symcalc.notation import tree
from symcalc.notation.writing import Notation

NUMBERS = {"pi": sp.pi, "e": sp.E}


@dataclass(frozen=True)
class Loss(Shown):
    """A loss: what the user typed, who is who in it, and its equations.

    Attributes:
        text: The formula as typed.
        name: Name of the loss; `L` unless the user gave one.
        parameters: What is differentiated, in order: head, declared, first appearance.
        columns: Columns of the data it uses.
        constants: Given values, printed by name and not differentiated.
        definitions: Names the user defined, in order.
        equations: One for each step of the work, the loss last.
        notes: Sentences on how it was read, and warnings that teach.
        formula: The typed tree.
        headers: Column name → headers of the table's columns it stands for.
        sizes: Names of symbolic sizes, with the axis each one measures.
        residual: (column, definition or None) where the loss is about one residual `column - f`, else None.
        data: The table it is over, or None.
        labels: Column of one-hot labels → its classes, in order.
        values: Values of the constants.
        start: Where a descent begins, where the catalogue says so.
        seen_through: Definitions that a stable form was found through, so that the loss may pass them by.
        declared: What was declared about its names.
    """

    text: str
    name: str
    parameters: tuple[Name, ...]
    columns: tuple[Name, ...]
    constants: tuple[Name, ...]
    definitions: tuple[Name, ...]
    equations: tuple[Equation, ...]
    notes: tuple[str, ...]
    formula: tree.Formula = field(repr=False)
    notation: Notation = field(repr=False, compare=False)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: tuple[tuple[Name, Axis], ...] = ()
    residual: tuple[str, str | None] | None = None
    data: Any = field(default=None, repr=False, compare=False)
    values: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    start: dict[str, Any] = field(default_factory=dict)
    seen_through: tuple[str, ...] = ()
    declared: Any = field(default=None, repr=False, compare=False)

    @property
    def output(self) -> Equation:
        """The equation of the loss itself."""
        return self.equations[-1]

    @property
    def rows(self) -> int | None:
        """Number of rows of the data, or None without data."""
        return None if self.data is None else int(self.data.rows)

    @property
    def per_row(self) -> bool:
        """Whether the formula is elementwise: one value a row instead of one number."""
        return bool(self.output.indices)

    def by_its_definitions(self) -> Loss:
        """The same loss with every use of a definition kept: what a slope in a definition needs."""
        made = _read(self.formula, self.declared, self.rows, through=False)
        return replace(made, data=self.data, values=self.values, notes=self.notes, start=self.start)

    def with_loss(self, expression: tree.Node) -> Loss:
        """The loss that one part of the formula would be, over the same definitions, data and constants."""
        last = replace(self.formula.statements[-1], expression=expression)
        formula = replace(self.formula, statements=(*self.formula.statements[:-1], last))
        names = {n.name for n in self.parameters}
        declared = self.declared if self.declared.parameters is not None or formula.head is not None else replace(
            self.declared, shapes={**self.declared.shapes, **{n.name: n.shape for n in self.parameters if n.axes}}
        )  # fmt: skip
        made = _read(formula, declared, self.rows)
        kept = tuple(n for n in made.parameters if n.name in names)
        return replace(made, data=self.data, values=self.values, parameters=kept)

    def with_sizes(self, sizes: Mapping[Axis, Name]) -> Loss:
        """The same loss with names for sizes that it does not speak of itself, but its slopes do."""
        names = {**self.notation.names, **{name.symbol: name for name in sizes.values()}}
        notation = self.notation.extended(names, self.notation.axes, self.equations)
        return replace(self, sizes=tuple((name, axis) for axis, name in sizes.items()), notation=notation)

    @property
    def latex(self) -> str:
        """The loss as LaTeX, in the user's spelling."""
        return self.notation.typed_latex(self.formula)

    def plot(self, at: Any = None, size: tuple[float, float] | None = None) -> Any:
        """The loss as a picture: its curve along one parameter, or from above over two.

        Args:
            at: Where it is looked at: parameter name → value; where a descent would start unless given.
            size: Width and height in inches; chosen by what is shown unless given.

        Returns:
            A Picture: `.figure` for matplotlib, `.alt` in words, `.save(path)` as .png, .svg or .pdf.

        Raises:
            InputError: The loss has columns and no data, or the point does not fit.
        """
        return view("figures.glance", "glance")(self, at, size)

    def name_of(self, word: str) -> Name:
        """The Name of a parameter, column, constant or definition.

        Raises:
            KeyError: There is none.
        """
        for name in (*self.parameters, *self.columns, *self.constants, *self.definitions):
            if name.name == word:
                return name
        raise KeyError(word)


def read(formula: tree.Formula, declared: Declared | None = None, row_count: int | None = None) -> Loss:
    """A loss from a formula's tree and what is declared about its names.

    Args:
        formula: The tree.
        declared: Names and shapes known beforehand.
        row_count: Number of rows of the data, None while symbolic.

    Raises:
        FormulaError: A name or shape does not fit, or a constant is out of bounds.
    """
    try:
        made, known, notes = onehot.read(expanded(formula), declared or Declared())
        read = _read(made, known, row_count)
        return replace(read, notes=(*notes, *read.notes)) if notes else read
    except Fault as fault:
        raise located(fault, formula.text) from None


def _read(formula: tree.Formula, declared: Declared, row_count: int | None, through: bool = True) -> Loss:
    teaching.refuse_residual(formula, declared)
    found = names.readings(formula, declared)
    scope, notes = Scope(), list(formula.notes)
    defined = [s.name for s in formula.statements if s.name]
    scope.taken = {*found, *defined, "L"}
    notes += [f"{word} was given, but does not occur in the formula." for word in _idle(formula, declared, found)]
    whole = _shapes(formula, found)
    rows = Axis("n_", ROWS, row_count, rows=True)
    made: dict[str, list[Name]] = {"parameter": [], "column": [], "constant": []}
    headers: dict[str, tuple[str, ...]] = {}
    for word, reading in found.items():
        if reading.kind == "size":
            size = scope.size(rows)
            scope.names[word] = scope.name_of[size]
        elif word in NUMBERS and reading.how.startswith("the number"):
            scope.names[word] = NUMBERS[word]
            notes.append(f"{word} was read as {reading.how}.")
        else:
            name = scope.new_name(word, reading.kind, _axes(scope, reading, whole[word], rows), how=reading.how)
            name = structures.structured(name, declared, scope)
            scope.names[word] = name
            made[reading.kind].append(name)
            if reading.headers:
                headers[word] = reading.headers
    structures.unknown(declared, set(found))
    for name in made["parameter"]:
        if name.structure:
            scope.names[name.name] = structures.read_as_symmetric(name, scope)
    low = Lowering(scope, formula.text, lambda sentence: notes.append(sentence) if sentence not in notes else None)
    low.stable.through = through
    definitions = [define(low, scope, s) for s in formula.statements[:-1]]
    last = formula.statements[-1]
    value = value_of(low, last)
    _check_output(low, last, value)
    loss_name = (formula.head.name if formula.head else last.name) or _free("L", scope)
    scope.define(value, name=loss_name, kind="definition", typed=last.expression, shown=True, rule="loss",
                 reason="the loss")  # fmt: skip
    notation = Notation(formula, dict(scope.name_of), dict(scope.axis_of), tuple(scope.equations))
    notes += teaching.warnings(formula, found, scope)
    return Loss(
        formula.text, loss_name, tuple(made["parameter"]), tuple(made["column"]), tuple(made["constant"]),
        tuple(definitions), tuple(replace(e, writer=notation) for e in scope.equations), tuple(notes),
        formula, notation, headers, {w: r.classes for w, r in found.items() if r.classes is not None},
        tuple((n, a) for a, n in scope.sizes.items()),
        teaching.residual(formula, found), seen_through=tuple(low.stable.seen), declared=declared,
    )  # fmt: skip


def _idle(formula: tree.Formula, declared: Declared, found: dict[str, Reading]) -> list[str]:
    """Constants and shapes that were given for nothing: probably misspelled."""
    used = {n.name for s in formula.statements for n in names.walk(s.expression) if isinstance(n, tree.Ref)}
    return [w for w in (*declared.constants, *declared.shapes) if w not in used]


def _free(wanted: str, scope: Scope) -> str:
    return wanted if wanted not in scope.names else "loss"


def _shapes(formula: tree.Formula, found: dict[str, Reading]) -> dict[str, shapes.Shape]:
    """The whole shape of every name, row axis included."""
    matrices: dict[str, int | str] = {}
    for statement in formula.statements:
        for node in names.walk(statement.expression):
            if isinstance(node, tree.Binary) and node.op == "@" and isinstance(node.left, tree.Ref):
                met = found.get(node.right.name) if isinstance(node.right, tree.Ref) else None
                matrices.setdefault(node.left.name, met.shape[0] if met is not None and met.shape else "k")
    known: dict[str, shapes.Shape | None] = {}
    for word, reading in found.items():
        shape = reading.shape
        if reading.rows:
            shape = (ROWS, *((matrices[word],) if shape is None and word in matrices else shape or ()))
        known[word] = shape
    known.update(indexform.shapes(formula, known, found))
    return {**{w: s for w, s in known.items() if s is not None}, **shapes.inferred(formula.statements, known)}


def _axes(scope: Scope, reading: Reading, shape: shapes.Shape, rows: Axis) -> tuple[Axis, ...]:
    entries = reading.headers if reading.headers and len(reading.headers) > 1 else reading.classes or ()
    made = []
    for k, size in enumerate(shape):
        if reading.rows and k == 0:
            made.append(rows)
        elif size == ROWS and not reading.rows and reading.kind != "column":
            made.append(scope.axis(ROWS))
        else:
            made.append(scope.axis(size, entries=entries if k == 1 else ()))
    return tuple(made)


def define(low: Lowering, scope: Scope, statement: tree.Statement) -> Name:
    """The name that a statement defines, put into the scope.

    Raises:
        Fault: The statement defines none.
    """
    word = statement.name or ""
    if not word:
        raise Fault("Only the last statement is the loss; give this one a name: name = …", statement)
    value = value_of(low, statement)
    made = scope.define(value, name=word, kind="definition", typed=statement.expression, shown=True,
                        rule="definition", reason="as defined")  # fmt: skip
    symbol = made.body.base if made.indices else made.body
    scope.names[word] = scope.name_of[symbol]
    return scope.name_of[symbol]


def value_of(low: Lowering, statement: tree.Statement) -> Value:
    """The value of a statement, in array form or index form as it was typed."""
    low.letters = {} if indexform.indexed(statement) else None
    low.alphabet = indexform.letters_of(statement)
    value = low.lower(statement.expression)
    if low.letters is not None and statement.indices:
        value = indexform.ordered(low, statement, value)
    low.letters = None
    return value


def _check_output(low: Lowering, statement: tree.Statement, value: Value) -> None:
    axes = [low.scope.axis_of[i] for i in value.indices]
    if not axes or (len(axes) == 1 and axes[0].rows):
        return
    raise Fault(f"A loss is one number; this is {low.shape(value)}. Reduce it, for example with sum(…) or mean(…).",
                statement.expression)  # fmt: skip
