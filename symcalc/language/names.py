"""Who is who: what each name of a formula stands for, in one fixed order of rules.

A name is, in this order: a definition; what the user declares; a column of the data; pi, e, and n where there
are rows; otherwise inferred, as a parameter, or without data as a column if named so inside a reduction.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symcalc.equations import Kind, Structure
from symcalc.language.faults import Fault
from symcalc.language.shapes import Shape
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS, nearest
from symcalc.notation import tree

COLUMN_LIKE = re.compile(r"[xytzXY]\d*")
ROWS = "n"


@dataclass(frozen=True)
class Declared:
    """What is known about names before a formula is read: names and shapes, never arrays.

    Attributes:
        columns: Column of the data → shape of one row: () for a number, (k,) for k numbers.
        bound: Name → headers of the data columns it stands for (several make a matrix), or None for itself.
        constants: Name → shape.
        parameters: Name → shape, or None where the shape is to be found; None if nothing was declared.
        shapes: Name → shape, for names that are otherwise inferred.
        data: Whether there is a table (then unknown names are no columns).
        classes: Column of the data that onehot(…) is applied to → its classes, in order.
        structures: Name of a square matrix → symmetric or positive-definite.
    """

    columns: Mapping[str, Shape] = field(default_factory=dict)
    bound: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    constants: Mapping[str, Shape] = field(default_factory=dict)
    parameters: Mapping[str, Shape | None] | None = None
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    data: bool = False
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How one name was read.

    Attributes:
        kind: What it is.
        shape: Its shape; for a column of the data without the row axis; None where it is to be found.
        how: The rule that decided, in words.
        rows: Whether it runs over the rows.
        headers: Headers of the columns it stands for, or None.
        classes: For one-hot labels the classes, or None.
    """

    kind: Kind
    shape: Shape | None
    how: str
    rows: bool = False
    headers: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None


def walk(node: tree.Node) -> Iterator[tree.Node]:
    """The node and everything below it, in the order typed."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def children(node: tree.Node) -> tuple[tree.Node, ...]:
    """The nodes directly below a node, in the order typed."""
    match node:
        case tree.Unary() | tree.Bars() | tree.Transpose():
            return (node.operand,)
        case tree.Binary() | tree.Compare():
            return (node.left, node.right)
        case tree.Call():
            return node.arguments
        case tree.Stack():
            return node.items
    return ()


def readings(formula: tree.Formula, declared: Declared) -> dict[str, Reading]:
    """How every name that is not a definition was read: declared ones first, then by first appearance.

    Raises:
        Fault: A name is declared twice, unknown, or too much like another one.
    """
    found = _declared(formula, declared)
    closed = declared.parameters is not None or formula.head is not None
    defined: set[str] = set()
    later = {s.name for s in formula.statements if s.name}
    reduced = _inside_reductions(formula)
    letters = {c for s in formula.statements for n in walk(s.expression) if isinstance(n, tree.Ref) for c in n.indices}
    letters |= {c for s in formula.statements for c in s.indices}
    bare = _index_arguments(formula, letters)
    for statement in formula.statements:
        for node in walk(statement.expression):
            if isinstance(node, tree.Call):
                check_function(node, found, later, formula)
            if not isinstance(node, tree.Ref) or node.name in found or node.name in defined or id(node) in bare:
                continue
            if node.name in later:
                raise Fault(f"{node.name} is used before it is defined; move its line up.", node)
            found[node.name] = _read(node, declared, closed, node.name in reduced)
        if statement.name:
            if statement.name in found:
                raise Fault(f"{statement.name} is declared and defined; a name is one thing.", statement)
            if statement.name in defined:
                raise Fault(f"{statement.name} is defined twice; give the second one a name of its own.", statement)
            defined.add(statement.name)
    if declared.data:
        _check_likeness(formula, found, declared)
    return found


def _index_arguments(formula: tree.Formula, letters: set[str]) -> set[int]:
    """The nodes by which reductions name the indices they run over: b in sum(u[b], b)."""
    found: set[int] = set()
    for statement in formula.statements:
        for node in walk(statement.expression):
            row = FUNCTIONS.get(SPELLINGS.get(node.function, "")) if isinstance(node, tree.Call) else None
            if isinstance(node, tree.Call) and row is not None and row.kind == "reduction":
                found |= {id(a) for a in node.arguments[1:] if isinstance(a, tree.Ref) and a.name in letters}
    return found


def _declared(formula: tree.Formula, declared: Declared) -> dict[str, Reading]:
    found: dict[str, Reading] = {}

    def add(name: str, reading: Reading, node: tree.Node) -> None:
        if name in found:
            raise Fault(f"{name} is declared twice: {found[name].how} and {reading.how}.", node)
        found[name] = reading

    place: tree.Node = formula.statements[-1]
    if formula.head is not None:
        for entry in formula.head.parameters:
            sizes = _sizes(entry) if entry.sizes is not None else declared.shapes.get(entry.name)
            add(entry.name, Reading("parameter", sizes, "parameter in the head"), entry)
        for entry in formula.head.columns or ():
            add(entry.name, _head_column(entry, declared), entry)
    for name, shape in (declared.parameters or {}).items():
        if name in found and found[name].kind == "parameter":
            continue
        known = declared.shapes.get(name) if shape is None else shape
        add(name, Reading("parameter", known, "declared a parameter"), place)
    for name, headers in declared.bound.items():
        if name not in found:
            add(name, _bound(name, headers, declared, place), place)
    for name, shape in declared.constants.items():
        add(name, Reading("constant", shape, "declared a constant"), place)
    return found


def _sizes(entry: tree.Declared) -> Shape | None:
    if entry.sizes is None:
        return None
    return tuple(int(s) if s.isdigit() else s for s in entry.sizes)


def _head_column(entry: tree.Declared, declared: Declared) -> Reading:
    if entry.name in declared.bound:
        return _bound(entry.name, declared.bound[entry.name], declared, entry)
    if entry.name in declared.columns:
        shape = declared.columns[entry.name]
        return Reading("column", shape, "column in the head", rows=True, headers=(entry.name,))
    if declared.data:
        raise Fault(no_column(entry.name, declared), entry)
    sizes = _sizes(entry)
    return Reading("column", sizes or (), "column in the head", rows=sizes is None)


def no_column(name: str, declared: Declared) -> str:
    near = nearest(name, list(declared.columns))
    hint = f" Did you mean {near}?" if near else ""
    return f"The data have no column {name}; they have {', '.join(declared.columns)}.{hint}"


def _bound(name: str, headers: Sequence[str] | None, declared: Declared, node: tree.Node) -> Reading:
    if headers is None:
        return Reading("column", (), "declared a column", rows=True)
    if name.startswith("onehot("):
        classes = declared.classes.get(headers[0], ())
        how = f"one-hot labels of {headers[0]}"
        return Reading("column", (len(classes) or "classes",), how, True, tuple(headers), classes)
    for header in headers:
        if header not in declared.columns:
            raise Fault(no_column(header, declared), node)
    shape: Shape = (len(headers),) if len(headers) > 1 else declared.columns[headers[0]]
    return Reading("column", shape, f"stands for {', '.join(headers)}", rows=True, headers=tuple(headers))


def _read(node: tree.Ref, declared: Declared, closed: bool, reduced: bool) -> Reading:
    name = node.name
    row = FUNCTIONS.get(SPELLINGS.get(name, ""))
    if name in declared.columns:
        shape = declared.columns[name]
        return Reading("column", shape, "column of the data", rows=True, headers=(name,))
    if name in ("pi", "e"):
        return Reading("constant", (), "the number " + ("3.14159…" if name == "pi" else "2.71828…"))
    if row is not None and not row.also_a_name:
        arguments = ", ".join(row.arguments)
        raise Fault(f"{name} is a function: write {name}({arguments}).", node, f"{name}({arguments})")
    if name == ROWS and (declared.data or reduced):
        return Reading("size", (), "the number of rows")
    if not declared.data and reduced and COLUMN_LIKE.fullmatch(name) and name not in declared.shapes:
        return Reading(
            "column", None if name[0].isupper() else (), "named like a column, inside a reduction", rows=True
        )
    if closed:
        raise Fault(f"{name} is unknown: it is neither declared nor {_where(declared)}; declare it.", node)
    return Reading("parameter", declared.shapes.get(name), "inferred")


def _where(declared: Declared) -> str:
    return f"a column of the data ({', '.join(declared.columns)})" if declared.data else "a column"


def _inside_reductions(formula: tree.Formula) -> set[str]:
    """Names that occur inside a reduction, definitions put in."""
    definitions = {s.name: s.expression for s in formula.statements if s.name}
    inside: set[str] = set()
    waiting = [(s.expression, False) for s in formula.statements]
    while waiting:
        node, reduced = waiting.pop()
        if isinstance(node, tree.Ref) and reduced and node.name not in inside:
            inside.add(node.name)
            if node.name in definitions:
                waiting.append((definitions[node.name], True))
        if isinstance(node, tree.Call):
            row = FUNCTIONS.get(SPELLINGS.get(node.function, ""))
            single = not (node.function in ("max", "min") and len(node.arguments) > 1)
            reduced = reduced or (row is not None and row.kind == "reduction" and single)
        waiting.extend((child, reduced) for child in children(node))
    return inside


def check_function(node: tree.Call, found: Container[str], defined: set[str], formula: tree.Formula) -> None:
    """Refuses the call of a function there is none of: a value or an unknown word before brackets."""
    word = node.function
    if word in SPELLINGS:
        return
    inside = formula.text[node.start : node.end][len(word) :].strip()
    if word in found or word in defined or len(word) == 1 or COLUMN_LIKE.fullmatch(word):
        raise Fault(
            f"{word} is a value, not a function; for a product write {word}*{inside}.",
            node,
            f"{word}*{inside}",
        )
    from symcalc.language.vocabulary import ELSEWHERE

    near = nearest(word, list(SPELLINGS))
    if word in ELSEWHERE:
        raise Fault(f"Unknown function '{word}'; write {ELSEWHERE[word]}.", _word(node))
    hint = f" Did you mean '{near}'?" if near else " 'symcalc catalogue functions' lists them all."
    raise Fault(f"Unknown function '{word}'.{hint}", _word(node), near)


def _word(node: tree.Call) -> tree.Node:
    return tree.Node(node.start, node.start + len(node.function))


def _check_likeness(formula: tree.Formula, found: Mapping[str, Reading], declared: Declared) -> None:
    """Refuses a would-be parameter that is spelled almost like a column."""
    for statement in formula.statements:
        for node in walk(statement.expression):
            if not isinstance(node, tree.Ref) or node.name not in found:
                continue
            reading = found[node.name]
            if reading.kind != "parameter" or not reading.how.startswith("inferred"):
                continue
            for column in declared.columns:
                same = node.name.lower() == column.lower()
                if same or (len(column) >= 4 and _distance(node.name, column) <= 2):
                    raise Fault(
                        f"{node.name} is no column, but {column} is: write {column}, or declare "
                        f"{node.name} a parameter (parameters={node.name}).", node, column,
                    )  # fmt: skip


def _distance(one: str, two: str) -> int:
    """How many letters must be inserted, deleted or replaced (Levenshtein 1966)."""
    if abs(len(one) - len(two)) > 2:
        return 3
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
