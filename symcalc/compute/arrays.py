"""One equation in index notation as one array expression: broadcasts, dot products, sums.

dL/dw[j] = -Σ_i X[i,j]·r[i]      becomes      -dot(X.T, r)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from symcalc.compute.printing import Text
from symcalc.equations import Axis, Equation, Name, Term

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OF_MATRIX = {"inv": "inverse", "det": "determinant", "logdet": "logdeterminant"}
DEFINITE = "positive-definite"
LONG = sp.Integer(4096)
# The indices of an array, in the order of its axes, and its expression.
Group = tuple[tuple[Any, ...], Any]
_REDUCE = {"max": "largest", "min": "smallest", "prod": "product", "logsumexp": "logsumexp"}


class ArrayForm:
    """Turns equations into array expressions.

    Args:
        axes: Index symbol → Axis.
        size: Axis → its number of entries as an expression (a number, or a size's symbol).
        names: Private symbol → Name.
    """

    def __init__(self, axes: Mapping[Any, Axis], size: Callable[[Axis], Any], names: Mapping[Any, Name]) -> None:
        self.axes, self.size, self.names = axes, size, names
        self.inverses: dict[Any, Any] = {}
        self.definite: set[Any] = set()

    def assignment(self, equation: Equation) -> tuple[Any, Any]:
        """(private symbol, expression) of an equation."""
        name = equation.name
        label = name.symbol.label if name.axes else name.symbol
        order = equation.indices
        if equation.reduction != "sum":
            (term,) = equation.terms
            value = self._reduced(equation.reduction, term, order)
            if equation.reduction == "inv":
                self.inverses[label] = value.args[1]
                if name.structure == DEFINITE:
                    self.definite.add(label)
            return label, value
        parts = [self._term(term, order) for term in equation.terms]
        total = sp.Add(*(part for part, _ in parts))
        # Parts that cancel leave none of their axes.
        left = set(total.as_coefficients_dict())
        covered = {i for part, indices in parts if left & set(part.as_coefficients_dict()) for i in indices}
        if covered != set(order):
            sizes = ", ".join(f"{{{k + 1}}}" for k in range(len(order)))
            total = Text.of(f"full({{0}}, {sizes})", total, *(self.size(self.axes[i]) for i in order))
        return label, total

    # -- references ------------------------------------------------------------------------------

    def elementwise(self, body: Any, order: tuple[Any, ...]) -> Any:
        """A body over free indices `order`, with every reference brought to that order."""
        mapping: dict[Any, Any] = {}
        for reference in body.atoms(sp.Indexed):
            mapping[reference] = self._view(reference, order)
        for node in body.atoms(sp.KroneckerDelta):
            mapping[node] = Text.of("delta({0}, {1})", *(self._position(a, order) for a in node.args))
        return body.xreplace(mapping) if mapping else body

    def _position(self, index: Any, order: tuple[Any, ...]) -> Any:
        """An index as an array of its own values, brought to an order."""
        shift, symbol = index.as_coeff_Add()
        if symbol == 0:
            return shift
        values = Text.of("arange({0})", self.size(self.axes[symbol]))
        return self._spread(values, (symbol,), order) + shift

    def _view(self, reference: Any, order: tuple[Any, ...]) -> Any:
        """A referenced array, brought to the order of axes in `order`."""
        array, axis, left = reference.base.label, 0, []
        own = self.names[reference.base].axes
        for index, along in zip(reference.indices, own):
            shift, symbol = (0, index) if index.is_Symbol else index.as_coeff_Add()
            if symbol == 0:
                array = Text.of(f"{{0}}[{', '.join([':'] * axis + [str(shift)])}]", array)
                continue
            if shift != 0 or self.axes[symbol].size != along.size:
                size = self.size(self.axes[symbol])
                array = Text.of(f"shifted({{0}}, {axis}, {int(shift)}, {{1}})", array, size)
            left.append(symbol)
            axis += 1
        return self._spread(array, tuple(left), order)

    def _spread(self, array: Any, indices: tuple[Any, ...], order: tuple[Any, ...]) -> Any:
        if len(set(indices)) < len(indices):
            array, indices = Text.of("diagonal({0})", array), indices[:1]
        wanted = tuple(i for i in order if i in indices)
        if wanted != indices:
            if len(indices) == 2:
                array = Text.of("{0}.T", array)
            else:
                places = tuple(indices.index(i) for i in wanted)
                array = Text.of(f"transpose({{0}}, {places})", array)
        if not wanted:
            return array
        tail = order[order.index(wanted[0]) :]
        if tail != wanted:
            array = Text.of(f"{{0}}[{', '.join(':' if i in wanted else 'None' for i in tail)}]", array)
        return array

    # -- contractions ----------------------------------------------------------------------------

    def _term(self, term: Term, order: tuple[Any, ...]) -> tuple[Any, set[Any]]:
        """A contraction brought to an order, and which of its indices it covers."""
        if not term.over:
            return self.elementwise(term.body, order), used(term.body) & set(order)
        over = set(term.over)
        outside: list[Any] = []
        inside: list[Any] = []
        for factor in sp.Mul.make_args(term.body):
            (inside if used(factor) & over else outside).append(factor)
        missing = over - set().union(*(used(f) for f in inside))
        for index in missing:
            outside.append(self.size(self.axes[index]))
        outer = sp.Mul(*outside)
        covered = used(outer) & set(order)
        if not inside:
            return self.elementwise(outer, order), covered
        value, indices = self._contract(inside, tuple(i for i in term.over if i not in missing), order)
        covered |= set(indices)
        return self.elementwise(outer, order) * self._spread(value, indices, order), covered

    def _contract(
        self, factors: list[Any], over: tuple[Any, ...], order: tuple[Any, ...]
    ) -> tuple[Any, tuple[Any, ...]]:
        """Σ over indices of a product: (expression, its free indices in the order of `order`)."""
        whole = (*order, *over)
        groups = self._grouped(factors, whole)
        if len(groups) == 1:
            ((indices, value),) = groups
            if not set(indices) & set(order):
                return self._inner(factors, indices, value), ()
        while len(groups) > 1:
            one, two = self._cheapest(groups, set(order))
            rest = [g for g in groups if g is not one and g is not two]
            kept = set(order).union(*(indices for indices, _ in rest))
            groups = [*rest, self._pair(one, two, kept, whole)]
        ((indices, value),) = groups
        axes = tuple(k for k, i in enumerate(indices) if i in over)
        free = tuple(i for i in indices if i not in over)
        return (Text.of(f"total({{0}}, axis={axes})", value) if axes else value), free

    def _cheapest(self, groups: list[Group], kept: set[Any]) -> tuple[Group, Group]:
        """The two groups whose product is the least work, and leaves the least behind."""

        def entries(indices: set[Any]) -> Any:
            # A block of rows has no fixed length; rows outnumber the entries of any other axis.
            return sp.Mul(*(n if n.is_Integer else LONG for n in (self.size(self.axes[i]) for i in indices)))

        def cost(pair: tuple[Group, Group]) -> tuple[Any, Any]:
            union = {*pair[0][0], *pair[1][0]}
            rest = [indices for indices, value in groups if value not in (pair[0][1], pair[1][1])]
            return entries(union), entries(union & kept.union(*rest))

        pairs = [(one, two) for k, one in enumerate(groups) for two in groups[k + 1 :]]
        return min(pairs, key=cost)

    def _pair(self, one: Group, two: Group, kept: set[Any], whole: tuple[Any, ...]) -> Group:
        """The product of two groups, summed over every index that nothing else needs."""
        union = tuple(i for i in whole if i in one[0] or i in two[0])
        summed = tuple(i for i in union if i not in kept)
        free = tuple(i for i in union if i in kept)
        if not summed:
            return union, self._spread(one[1], one[0], union) * self._spread(two[1], two[0], union)
        product = self._solved(one, two, summed) or self._solved(two, one, summed)
        product = product or self._matrix_product(one, two, summed)
        if product is not None:
            return product
        letters = {i: _LETTERS[k] for k, i in enumerate(union)}
        left, right, out = ("".join(letters[i] for i in indices) for indices in (one[0], two[0], free))
        return free, Text.of(f"contract('{left},{right}->{out}', {{0}}, {{1}})", one[1], two[1])

    def _solved(self, one: Group, two: Group, summed: tuple[Any, ...]) -> Group | None:
        """An inverse times something, as the solution of a linear system; None where it is no such product."""
        matrix = self.inverses.get(one[1])
        if matrix is None or len(summed) != 1 or len(two[0]) > 2 or len(one[0]) != 2 or set(one[0]) <= set(two[0]):
            return None
        (index,) = summed
        if index not in two[0]:
            return None
        # Σ_j inv[i,j] b[j] solves A u = b; Σ_i inv[i,j] b[i] solves Aᵀ u = b.
        left = matrix if one[0][1] == index else Text.of("{0}.T", matrix)
        right = two[1] if two[0][0] == index else Text.of("({0}).T", two[1])
        (rest,) = [i for i in one[0] if i != index]
        word = "definite_solution" if one[1] in self.definite else "solution"
        return (rest, *(i for i in two[0] if i != index)), Text.of(f"{word}({{0}}, {{1}})", left, right)

    def _grouped(self, factors: list[Any], order: tuple[Any, ...]) -> list[Group]:
        """Factors over the same indices multiplied together, each group in the order of its own indices."""
        groups: dict[tuple[Any, ...], Any] = {}
        for factor in factors:
            indices = tuple(i for i in order if i in used(factor))
            groups[indices] = groups.get(indices, sp.S.One) * factor
        return [self._group(indices, body) for indices, body in groups.items()]

    def _group(self, indices: tuple[Any, ...], body: Any) -> Group:
        if isinstance(body, sp.Indexed) and body.base.label in self.inverses and len(indices) == 2:
            return body.indices, body.base.label  # kept whole, so that a linear system can be solved instead
        return indices, self.elementwise(body, indices)

    def _inner(self, factors: list[Any], indices: tuple[Any, ...], value: Any) -> Any:
        """Σ of a product over all indices: a dot product where there are two factors."""
        parts = []
        for factor in factors:
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, sp.S.One)
            if exponent.is_Integer and exponent >= 2 and exponent % 2 == 0 and len(factors) == 1:
                parts += [base ** (exponent // 2)] * 2
            else:
                parts.append(factor)
        if len(parts) < 2:
            return Text.of("total({0})", value)
        left = self.elementwise(parts[0], indices)
        right = self.elementwise(sp.Mul(*parts[1:]), indices)
        return Text.of("dot({0}, {1})" if len(indices) == 1 else "inner({0}, {1})", left, right)

    def _matrix_product(self, one: Group, two: Group, summed: tuple[Any, ...]) -> Group | None:
        """A product through BLAS, where it is one of vectors and matrices; else None."""
        if len(summed) != 1 or len(one[0]) > 2 or len(two[0]) > 2:
            return None
        (index,) = summed
        rest_one, rest_two = (tuple(i for i in g[0] if i != index) for g in (one, two))
        if set(rest_one) & set(rest_two) or index not in one[0] or index not in two[0]:
            return None
        left = one[1] if one[0][-1] == index else Text.of("({0}).T", one[1])
        right = two[1] if two[0][0] == index else Text.of("({0}).T", two[1])
        return (*rest_one, *rest_two), Text.of("dot({0}, {1})", left, right)

    def _is_definite(self, body: Any) -> bool:
        return isinstance(body, sp.Indexed) and self.names[body.base].structure == DEFINITE

    def _reduced(self, reduction: str, term: Term, order: tuple[Any, ...]) -> Any:
        if reduction in _OF_MATRIX:
            word = f"{'definite_' if self._is_definite(term.body) else ''}{_OF_MATRIX[reduction]}"
            return Text.of(f"{word}({{0}})", self.elementwise(term.body, term.over))
        value = self.elementwise(term.body, (*order, *term.over))
        axes = tuple(range(len(order), len(order) + len(term.over)))
        covered = used(term.body)
        if not set(order) <= covered or not set(term.over) <= covered:
            sizes = ", ".join(f"{{{k + 1}}}" for k in range(len(order) + len(term.over)))
            every = (self.size(self.axes[i]) for i in (*order, *term.over))
            value = Text.of(f"full({{0}}, {sizes})", value, *every)
        return Text.of(f"{_REDUCE[reduction]}({{0}}, axis={axes})", value)


def used(body: Any) -> set[Any]:
    """The index symbols in a body."""
    found: set[Any] = set()
    for node in body.atoms(sp.Indexed):
        for index in node.indices:
            found |= index.free_symbols
    for node in body.atoms(sp.KroneckerDelta):
        found |= node.free_symbols
    return found
