"""Lines of LaTeX to statements of the language: left sides, heads, sizes that a sum counts."""

from __future__ import annotations

from collections.abc import Sequence

from symcalc.language.faults import Fault
from symcalc.language.latex import context
from symcalc.language.latex.building import Line, Part
from symcalc.language.latex.names import Naming
from symcalc.language.latex.values import Values
from symcalc.language.limits import Limits
from symcalc.language.names import Declared, walk
from symcalc.notation import tree


def read(
    lines: Sequence[Line], declared: Declared, limits: Limits
) -> tuple[tree.Head | None, list[tree.Statement], list[str]]:
    """The head, the statements, and sentences worth telling.

    Raises:
        Fault: Something is not understood.
    """
    words = frozenset(
        p.text
        for line in lines
        for side in (line.left, line.right)
        if side is not None
        for p in side.walk()
        if p.kind == "NAME"
    )
    values = Values(Naming(declared), context.found(lines, declared), limits, words)
    head: tree.Head | None = None
    statements = []
    for k, line in enumerate(lines):
        head, statement = _statement(values, line, last=k == len(lines) - 1)
        statements.append(statement)
        if statement.name:
            values.defined[statement.name] = None
    return head, _counted(values, statements), values.notes


def _statement(values: Values, line: Line, last: bool) -> tuple[tree.Head | None, tree.Statement]:
    naming = values.naming
    right = _without_min(values, line.right) if last else line.right
    naming.letters = {c for p in context.reductions(right) if _reduces(p) for c in context.bound_by(p)}
    naming.bound = []
    name: str | None = None
    indices: tuple[str, ...] = ()
    head: tree.Head | None = None
    if line.left is not None:
        target, bracket = _target(line.left)
        free = _free_letters(target, right)
        naming.letters |= free
        naming.bound = list(free)
        name, indices = naming.read(target)
        row = target.high.parts[0].only if target.high is not None and target.high.kind == "LBRACE" else None
        if target.high is not None:
            said = naming.raised(target, name, row) if row is not None and row.kind in ("LPAR", "LSQB") else None
            if said is None:
                raise Fault("Only a name can stand left of '='.", target.high.place)
            name, indices = (said, indices) if isinstance(said, str) else (name, (*said, *indices))
        if bracket is not None:
            if not last:
                raise Fault(f"Only the last line may say what it depends on; write {name} = … here.", bracket.place)
            head = _head(values, name, bracket, line.left)
            name, indices = None, ()
    expression = values.expression(right)
    start = line.left.start if line.left is not None else right.start
    return head, tree.Statement(start, right.end, name, indices, expression)


def _reduces(part: Part) -> bool:
    return part.kind != "FUNCTION" or part.text != "log"


def _target(left: Part) -> tuple[Part, Part | None]:
    """The name on a left side, and the bracket behind it: \\hat{y}_i, or J(\\theta)."""
    elements = left.parts if left.kind == "chain" else (left,)
    if elements[0].kind in ("NAME", "accent", "LBRACE") and len(elements) <= 2:
        target = elements[0].only if elements[0].kind == "LBRACE" and elements[0].bare else elements[0]
        if target.kind in ("NAME", "accent") and len(elements) == 1:
            return target, None
        if target.kind in ("NAME", "accent") and elements[1].kind in ("LPAR", "parted") and elements[1].bare:
            return target, elements[1]
    raise Fault("Only a name can stand left of '='; write name = expression, or the loss alone.", left.place)


def _free_letters(target: Part, right: Part) -> set[str]:
    """The letters of a left side that are indices: single ones that occur as subscripts on the right."""
    scripts = [s for s in (target.low, target.high) if s is not None]
    letters = {p.text for s in scripts for p in s.walk() if p.kind == "NAME" and p.style != "word"}
    return {c for c in letters if context.mentions(right, c)}


def _head(values: Values, name: str, bracket: Part, left: Part) -> tree.Head:
    if bracket.kind == "parted":
        before, behind = (tuple(_declared(values, c) for c in side.parts) for side in bracket.parts)
        return tree.Head(left.start, left.end, name, before, behind)
    return tree.Head(left.start, left.end, name, tuple(_declared(values, c) for c in bracket.parts), None)


def _declared(values: Values, cell: Part) -> tree.Declared:
    elements = cell.parts if cell.kind == "chain" else (cell,)
    target, sizes = elements[0].only, None
    if len(elements) == 2 and elements[1].kind == "LSQB":
        sizes = tuple(p.only.text for p in elements[1].parts)
    if target.kind not in ("NAME", "accent") or target.high is not None or len(elements) > (1 if sizes is None else 2):
        raise Fault("A head lists names, with sizes where wanted: L(m, b; x, y) or f(x[n]; A[n,n]).", cell.place)
    name, indices = values.naming.read(target)
    if indices:
        raise Fault("A head lists names without indices.", cell.place)
    return tree.Declared(cell.start, cell.end, name, sizes)


def _without_min(values: Values, right: Part) -> Part:
    """\\min_{w, b} before a loss says what is looked for; symcalc looks for it anyway."""
    first = right.parts[0] if right.kind == "sum" and right.text[0] == " " else right
    if first.kind != "chain" or first.parts[0].kind != "FUNCTION" or first.parts[0].low is None:
        return right
    least = first.parts[0]
    names = [p for p in least.low.walk() if p.kind == "NAME"] if least.low is not None else []
    if least.text not in ("min", "max") or any(context.mentions(right_without(right, least), p.text) for p in names):
        return right
    if least.text == "max":
        raise Fault("A maximum over parameters is no loss. Write the negative of what is to be large.", least.place)
    if len(first.parts) == 1:
        return right
    shown = ", ".join(p.text for p in names)
    values.note(f"\\min over {shown} was left out: a descent looks for it.")
    return right_without(right, least)


def right_without(right: Part, element: Part) -> Part:
    """A right side without its first element."""
    from dataclasses import replace

    if right.kind == "sum":
        chain = replace(right.parts[0], parts=right.parts[0].parts[1:])
        return replace(right, parts=(chain, *right.parts[1:])) if chain.parts else right
    return replace(right, parts=right.parts[1:]) if len(right.parts) > 1 else right


def _counted(values: Values, statements: list[tree.Statement]) -> list[tree.Statement]:
    """The statements, with a definition N = len(y) where a number of terms is used as a value."""
    made = list(statements)
    for size, letter in values.sizes.items():
        used = [
            n
            for s in statements
            for n in walk(s.expression)
            if isinstance(n, tree.Ref) and n.name == size and not n.indices
        ]
        if not used or values.naming.known(size) or size in values.defined:
            continue
        arrays = [n for s in statements for n in walk(s.expression)
                  if isinstance(n, tree.Ref) and n.indices[:1] == (letter,) and n.name not in values.defined]  # fmt: skip
        if not arrays:
            raise Fault(
                f"{size} is how many terms a sum has, and no array shows how many those are. Give it a value.", used[0]
            )
        place = used[0]
        counted = tree.Call(place.start, place.end, "len", (tree.Ref(place.start, place.end, arrays[0].name),))
        made.insert(0, tree.Statement(place.start, place.end, size, (), counted))
    return made
