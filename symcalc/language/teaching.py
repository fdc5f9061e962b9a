"""Warnings that teach: slips that are legal formulas but seldom meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from symcalc.language.faults import Fault
from symcalc.language.names import COLUMN_LIKE, Declared, Reading, walk
from symcalc.language.scope import Scope
from symcalc.notation import tree

# Names people give to what is chosen beforehand, not learned.
CHOSEN = {"lam", "lambda", "alpha", "delta", "epsilon", "eps", "reg", "l1", "l2", "ridge"}


def refuse_residual(formula: tree.Formula, declared: Declared) -> None:
    """Refuses `y - m*x` typed without data: a residual is one number a row, a loss is one number."""
    if declared.data or declared.parameters is not None or formula.head is not None or declared.bound:
        return
    last = formula.statements[-1]
    node = last.expression
    if len(formula.statements) > 1 or not isinstance(node, tree.Binary) or node.op != "-":
        return
    refs = {n.name for n in walk(node.right) if isinstance(n, tree.Ref)}
    left = node.left
    if isinstance(left, tree.Ref) and left.name in ("y", "Y", "t") and any(COLUMN_LIKE.fullmatch(r) for r in refs):
        typed = formula.text[node.start : node.end]
        raise Fault(f"{typed} is one number a row, not a loss; write mean(({typed})^2).", node, f"mean(({typed})^2)")


def warnings(formula: tree.Formula, found: Mapping[str, Reading], scope: Scope) -> Iterator[str]:
    """Sentences on what is probably not meant."""
    parameters = {word for word, reading in found.items() if reading.kind == "parameter"}
    for statement in formula.statements:
        for node in walk(statement.expression):
            slip = _precedence(node, found, formula.text)
            if slip:
                yield slip
    for word in sorted(parameters & CHOSEN):
        if found[word].how.startswith("inferred"):
            yield (f"{word} is read as a parameter and would be trained; if it is chosen beforehand, give it a "
                   f"value: --set {word}=0.1.")  # fmt: skip
    if "X" in found and "x" in found:
        yield "X and x are two different names."
    used = _reached(scope)
    for word in found:
        name = scope.names[word]
        if word in parameters and name.symbol not in used:
            yield f"The loss does not depend on {word}: its slope is 0 everywhere."
    if not parameters:
        yield "There is no parameter: the loss is a constant."
    elif len(formula.statements) == 1:
        yield from _unbounded(formula.statements[-1].expression, found)


def _reached(scope: Scope) -> set[object]:
    """Symbols the loss depends on."""
    import sympy as sp

    reached: set[object] = {scope.equations[-1].name.symbol}
    for equation in reversed(scope.equations):
        if equation.name.symbol in reached:
            for term in equation.terms:
                reached |= {a.base for a in term.body.atoms(sp.Indexed)} | term.body.free_symbols
    return reached


def _precedence(node: tree.Node, found: Mapping[str, Reading], text: str) -> str | None:
    """`y - m*x + b` squared or in absolute value: the model's last term escaped its parentheses."""
    inner: tree.Node | None = None
    if isinstance(node, tree.Binary) and node.op == "^":
        inner = node.left
    elif isinstance(node, tree.Bars):
        inner = node.operand
    elif isinstance(node, tree.Call) and node.function in ("abs", "square", "norm") and node.arguments:
        inner = node.arguments[0]
    if not (isinstance(inner, tree.Binary) and inner.op == "+" and isinstance(inner.left, tree.Binary)):
        return None
    difference, last = inner.left, inner.right
    if difference.op != "-" or not isinstance(difference.left, tree.Ref) or not isinstance(last, tree.Ref):
        return None
    column, free = found.get(difference.left.name), found.get(last.name)
    if column is None or column.kind != "column" or free is None or free.kind != "parameter":
        return None
    model = text[difference.right.start : last.end]
    return f"{text[inner.start : inner.end]} adds {last.name}; did you mean {difference.left.name} - ({model})?"


def _unbounded(node: tree.Node, found: Mapping[str, Reading]) -> Iterator[str]:
    """A sum in which a parameter stands alone, to the first power, and nowhere else."""
    counts = Counter(part.name for part in walk(node) if isinstance(part, tree.Ref))
    kinds = {name: reading.kind for name, reading in found.items()}
    for addend in _addends(node):
        factors = list(_factors(addend))
        names = [factor.name for factor in factors if isinstance(factor, tree.Ref)]
        # A factor that may be 0 leaves nothing to fall: 0*c, or lam*c, whose value is not known here.
        zero = any(isinstance(factor, tree.Number) and factor.value == 0 for factor in factors)
        if zero or any(kinds.get(name) == "constant" for name in names):
            continue
        for name in sorted(names):
            if counts[name] == 1 and kinds.get(name) == "parameter":
                yield f"The loss has no lowest value: it falls forever along {name}, which enters it linearly."
                return


def _addends(node: tree.Node) -> Iterator[tree.Node]:
    """The parts of a sum, the last one first."""
    while isinstance(node, tree.Binary) and node.op in "+-":
        yield node.right
        node = node.left
    yield node


def _factors(node: tree.Node) -> Iterator[tree.Node]:
    """The names and numbers that a product is made of."""
    if isinstance(node, tree.Ref | tree.Number):
        yield node
    elif isinstance(node, tree.Unary):
        yield from _factors(node.operand)
    elif isinstance(node, tree.Binary) and node.op == "*":
        yield from _factors(node.left)
        yield from _factors(node.right)


def residual(formula: tree.Formula, found: Mapping[str, Reading]) -> tuple[str, str | None] | None:
    """(column, definition or None) of the formula's single residual `column - f`, either way round."""
    seen: dict[str, tuple[str, str | None]] = {}
    for statement in formula.statements:
        for node in walk(statement.expression):
            if not (isinstance(node, tree.Binary) and node.op == "-"):
                continue
            for one, other in ((node.left, node.right), (node.right, node.left)):
                reading = found.get(one.name) if isinstance(one, tree.Ref) else None
                if reading is None or reading.kind != "column" or _only_columns(other, found):
                    continue
                assert isinstance(one, tree.Ref)
                model = other.name if isinstance(other, tree.Ref) and other.name not in found else None
                seen[formula.text[node.start : node.end].replace(" ", "")] = (one.name, model)
                break
    return next(iter(seen.values())) if len(set(seen.values())) == 1 and len(seen) == 1 else None


def _only_columns(node: tree.Node, found: Mapping[str, Reading]) -> bool:
    """Whether no parameter and no definition occurs in a node."""
    refs = [n.name for n in walk(node) if isinstance(n, tree.Ref)]
    return all(r in found and found[r].kind != "parameter" for r in refs)
