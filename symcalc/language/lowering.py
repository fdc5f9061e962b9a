"""From the typed tree to equations in index notation.

Reads a formula's tree from the leaves up; each node becomes a `Value`. Additions merge contractions;
anything nonlinear first gives a name to what it is applied to (see `scope.py`), which is what keeps
derivatives short and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from symcalc.equations import Name, Term
from symcalc.language import contractions, folding, indexform, reductions, stable, stable_lookup, vocabulary
from symcalc.language.faults import Fault
from symcalc.language.functions import Differs, Less, LessEqual, Same
from symcalc.language.scope import Scope, Value, single
from symcalc.notation import text, tree

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: Less(a, b), "<=": lambda a, b: LessEqual(a, b),
    ">": lambda a, b: Less(b, a), ">=": lambda a, b: LessEqual(b, a),
    "==": lambda a, b: Same(a, b), "!=": lambda a, b: Differs(a, b),
}  # fmt: skip


class Lowering:
    """Lowers trees into one scope.

    Args:
        scope: Where names and equations go.
        text: The text the trees were read from, for messages.
        note: Called with each sentence worth telling the user.
    """

    def __init__(self, scope: Scope, text: str, note: Callable[[str], None]) -> None:
        self.scope, self.text, self.note = scope, text, note
        self.stable = stable.StableForms(self)
        # In a statement in index form: letter → index; None elsewhere.
        self.letters: dict[str, Any] | None = None
        self.alphabet: set[str] = set()

    def source(self, node: tree.Node) -> str:
        """A node as the user typed it."""
        if node.start < 0:
            return text.write(node, text.ASCII, source=self.text)
        return " ".join(self.text[node.start : node.end].split())

    def shape(self, value: Value) -> str:
        """A value's shape in words: `(n, 3)`; a single number is `a number`."""
        sizes = [self.scope.axis_of[i].label for i in value.indices]
        return f"({', '.join(sizes)})" if sizes else "a number"

    # -- nodes -----------------------------------------------------------------------------------

    def lower(self, node: tree.Node) -> Value:
        """The value of a node."""
        try:
            safe = self.stable.value(node)
            return safe if safe is not None else self._by_type[type(node)](self, node)
        except folding.Unfit as unfit:
            raise Fault(f"{self.source(node)} {unfit}", node) from None

    def number(self, node: tree.Number) -> Value:
        value = sp.Rational(node.value.numerator, node.value.denominator)
        return single(value, constant=folding.value_of(value))

    def ref(self, node: tree.Ref) -> Value:
        name: Name | Any = self.scope.names[node.name]
        if not isinstance(name, Name):
            return single(name, constant=folding.value_of(name))
        if node.indices:
            return indexform.reference(self, node, name)
        if self.letters is not None and name.axes:
            raise Fault(f"In index form every array carries its indices: {node.name}[…].", node)
        return self.scope.reference(name)

    def unary(self, node: tree.Unary) -> Value:
        value = self.lower(node.operand)
        return value if node.op == "+" else scaled(value, sp.S.NegativeOne)

    def binary(self, node: tree.Binary) -> Value:
        if node.op == "@":
            return contractions.matmul(self, node)
        chain, value = [node], None
        while chain[-1].op in "+-*/" and isinstance(chain[-1].left, tree.Binary) and chain[-1].left.op in "+-*/":
            value = self.stable.value(chain[-1].left)
            if value is not None:
                break
            chain.append(chain[-1].left)
        value = self.lower(chain[-1].left) if value is None else value
        for link in reversed(chain):
            value = self._combined(link, value, self.lower(link.right))
        return value

    def _combined(self, node: tree.Binary, left: Value, right: Value) -> Value:
        left, right = self.aligned(node, left, right)
        if node.op in "+-":
            # A sum beside something with more axes is worked out once, not once an entry.
            if set(left.indices) < set(right.indices) and left.sums:
                left = self.step(left, node.left)
            elif set(right.indices) < set(left.indices) and right.sums:
                right = self.step(right, node.right)
            return self._sum(left, right if node.op == "+" else scaled(right, sp.S.NegativeOne))
        if node.op == "^":
            return self._power(node, left, right)
        if node.op == "/":
            return self._quotient(node, left, right)
        for plain, other in ((left, right), (right, left)):
            if other.sums and not plain.sums and not plain.indices and (plain.atomic or plain.body.is_number):
                return folding.kept(scaled(other, plain.body), "*", left, right)
        left, right = (self.scope.recalled(v) if v.sums or v.body.is_Add else v for v in (left, right))
        left, right = self.solid(left, node.left), self.solid(right, node.right)
        return folding.kept(self._single(left.body * right.body, left, right), "*", left, right)

    def _single(self, body: Any, left: Value, right: Value) -> Value:
        return single(body, self.common_indices(left, right))

    def common_indices(self, *values: Value) -> tuple[Any, ...]:
        """The free indices of values together: the longest in array form, all of them in index form."""
        if self.letters is None:
            return max((v.indices for v in values), key=len)
        return tuple(dict.fromkeys(i for v in values for i in v.indices))

    def _sum(self, left: Value, right: Value) -> Value:
        indices = self.common_indices(left, right)
        terms: list[Term] = list(left.terms)
        for term in right.terms:
            same = next((k for k, t in enumerate(terms) if not t.over and not term.over), None)
            if same is None:
                terms.append(term)
            else:
                terms[same] = Term((), terms[same].body + term.body)
        if len(terms) > 1:
            terms = [t for t in terms if t.body != 0] or [Term((), sp.S.Zero)]
        return folding.kept(Value(tuple(terms), indices), "+", left, right)

    def _quotient(self, node: tree.Binary, left: Value, right: Value) -> Value:
        if right.constant is not None and right.constant == 0:
            raise Fault(f"{self.source(node)} divides by zero.", node.right)
        if left.sums and not right.sums and not right.indices and right.atomic:
            return folding.kept(scaled(left, 1 / right.body), "/", left, right)
        if right.sums or (right.body.is_Add and right.constant is None):
            right = self.named(right, node.right)
        left = self.solid(left, node.left)
        if right.constant is None and (left.body / right.body).free_symbols.isdisjoint(right.body.free_symbols):
            self.note(f"{self.source(node)} was cancelled; the formula itself has no value where "
                      f"{self.source(node.right)} is 0.")  # fmt: skip
        return folding.kept(self._single(left.body / right.body, left, right), "/", left, right)

    def _power(self, node: tree.Binary, base: Value, exponent: Value) -> Value:
        if base.constant is not None and exponent.constant is not None:
            return folding.power(base, exponent, self.note)
        if exponent.constant is not None:
            folding.check_exponent(exponent.body)
            if exponent.body.is_Integer and not base.sums and (base.atomic or base.body.is_Mul):
                return single(base.body**exponent.body, base.indices)
            base = self.named(base, node.left)
            body = base.body**exponent.body
            if exponent.body.is_Integer:
                return single(body, base.indices)
            return self.step(single(body, base.indices), node)
        base, exponent = self.named(base, node.left), self.named(exponent, node.right)
        return self.step(self._single(base.body**exponent.body, base, exponent), node)

    def bars(self, node: tree.Bars) -> Value:
        return self.apply(vocabulary.FUNCTIONS["abs"], node, (node.operand,))

    def transpose(self, node: tree.Transpose) -> Value:
        value = self.lower(node.operand)
        return Value(value.terms, value.indices[::-1], value.constant)

    def stack(self, node: tree.Stack) -> Value:
        return contractions.stack(self, node)

    def compare(self, node: tree.Compare) -> Value:
        left, right = self.aligned(node, self.lower(node.left), self.lower(node.right))
        left, right = self.named(left, node.left), self.named(right, node.right)
        return self._single(_COMPARISONS[node.op](left.body, right.body), left, right)

    def call(self, node: tree.Call) -> Value:
        word = vocabulary.SPELLINGS[node.function]
        row = vocabulary.FUNCTIONS[word]
        named = self.letters is not None and all(indexform.is_letter(a, self.alphabet) for a in node.arguments[1:])
        if word in ("max", "min") and len(node.arguments) > 1 and not named:
            row, word = vocabulary.FUNCTIONS[word + "imum"], word + "imum"
        if node.axis is not None and row.kind != "reduction":
            raise Fault(f"{row.name} takes no axis.", node)
        wanted = len(row.arguments)
        many = word in ("maximum", "minimum") and len(node.arguments) >= 2
        several = named and row.kind == "reduction" and len(node.arguments) >= 1
        if len(node.arguments) != wanted and not many and not several:
            raise Fault(
                f"{node.function} takes {wanted} argument{'s' * (wanted > 1)} ({', '.join(row.arguments)}), "
                f"got {len(node.arguments)}.", node,
            )  # fmt: skip
        if row.kind == "reduction":
            return reductions.reduce(self, node, word)
        if row.kind == "array":
            return contractions.ARRAYS[word](self, node)
        if many and len(node.arguments) > 2:
            return self._pairwise(row, node)
        return self.apply(row, node, node.arguments)

    def _pairwise(self, row: vocabulary.Function, node: tree.Call) -> Value:
        value = self.lower(node.arguments[0])
        for argument in node.arguments[1:]:
            pair = self.aligned(node, value, self.lower(argument))
            parts = [self.named(v, argument) for v in pair]
            value = self.step(self._single(row.build(*(p.body for p in parts)), *parts), node)
        return value

    def apply(self, row: vocabulary.Function, node: tree.Node, arguments: tuple[tree.Node, ...]) -> Value:
        """An elementwise function of arguments: each argument is named first, then the call is."""
        values = [self.lower(a) for a in arguments]
        for k in range(1, len(values)):
            values[0], values[k] = self.aligned(node, values[0], values[k])
        longest = self.common_indices(*values)
        if all(v.constant is not None for v in values) and row.name != "where":
            return folding.call(row, values)
        conditions = row.name == "where"
        if conditions and not isinstance(arguments[0], tree.Compare):
            raise Fault("The first argument of where is a comparison, such as where(x > 0, a, b).", arguments[0])
        parts = [v if (conditions and k == 0) else self.named(v, a) for k, (v, a) in enumerate(zip(values, arguments))]
        return self.step(single(row.build(*(p.body for p in parts)), longest), node)

    # -- shared steps ----------------------------------------------------------------------------

    def solid(self, value: Value, node: tree.Node) -> Value:
        """The value as one body that sums over nothing."""
        return self.step(value, node) if value.sums else value

    def named(self, value: Value, node: tree.Node) -> Value:
        """The value as a single name or number; a new one gets the name people give such a thing."""
        if value.atomic or value.constant is not None:
            return value
        wide = value.sums or value.body.is_Add
        # 1 + exp(z) is no more readable by a name of its own: what varies in it has one already.
        wide = wide and any(t.body.free_symbols & self.scope.shown_symbols for t in value.terms)
        residual = isinstance(node, tree.Binary) and node.op == "-"
        if isinstance(node, (tree.Call, tree.Bars)) or (isinstance(node, tree.Binary) and node.op == "@"):
            wide = wide and isinstance(node, tree.Binary)
        rows = any(self.scope.axis_of[i].rows for i in value.indices)
        return self.scope.define(
            value, typed=node, shown=wide and rows, wanted="r" if residual else "z", rule="name",
            reason=f"name the inside {self.source(node)}",
        )  # fmt: skip

    def step(self, value: Value, node: tree.Node, reduction: str = "sum") -> Value:
        """The value as a step of its own, printed as what it stands for."""
        if value.atomic and not value.sums and reduction == "sum":
            return value
        return self.scope.define(value, typed=node, reduction=reduction, rule="step", reason=self.source(node))

    def aligned(self, node: tree.Node, left: Value, right: Value) -> tuple[Value, Value]:
        """Both values over the same trailing axes (NumPy's rule), or a Fault that names both shapes."""
        if self.letters is not None:
            return left, right
        mapping: dict[Any, Any] = {}
        for a, b in zip(reversed(left.indices), reversed(right.indices)):
            if a == b:
                continue
            if not contractions.same_axis(self.scope.axis_of[a], self.scope.axis_of[b]):
                raise Fault(self._misfit(node, left, right), node)
            mapping[b] = a
        return left, renamed(right, mapping)

    def _misfit(self, node: tree.Node, left: Value, right: Value) -> str:
        one, two = getattr(node, "left", node), getattr(node, "right", node)
        if one is two:
            return f"The arguments of {self.source(node)} do not fit: {self.shape(left)} and {self.shape(right)}."
        return (
            f"{self.source(one)} and {self.source(two)} do not fit: "
            f"{self.source(one)} is {self.shape(left)}, {self.source(two)} is {self.shape(right)}."
        )

    _by_type: Mapping[type, Callable[..., Value]] = {
        tree.Number: number, tree.Ref: ref, tree.Unary: unary, tree.Binary: binary, tree.Bars: bars,
        tree.Transpose: transpose, tree.Stack: stack, tree.Compare: compare, tree.Call: call,
        stable_lookup.Made: lambda self, node: self.stable.made(node),
    }  # fmt: skip


def scaled(value: Value, factor: Any) -> Value:
    """The value times a factor without indices."""
    known = value.constant is not None and factor.is_number
    constant = value.constant * folding.value_of(factor) if known else None
    return Value(tuple(Term(t.over, factor * t.body) for t in value.terms), value.indices, constant)


def renamed(value: Value, mapping: Mapping[Any, Any]) -> Value:
    """The value with free indices renamed."""
    if not mapping:
        return value
    terms = tuple(Term(t.over, t.body.xreplace(mapping)) for t in value.terms)
    return Value(terms, tuple(mapping.get(i, i) for i in value.indices), value.constant)
