"""Whether an expression has a given spelling, and what its letters then stand for.

Spelling and expression are both SymPy expressions, so they are in the same normal form already, and
matching is a walk over both; sums and products are matched in every order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

Found = Mapping[Any, Any]
_MOST = 6


def matched(spelling: Any, expression: Any) -> tuple[Any, Found] | None:
    """The factor in front of a spelling inside an expression, and the meaning of its letters; None if it is not there.

    A sum or a function is matched as a whole, up to a number in front of it; a product or quotient may
    have other factors beside it.
    """
    if spelling.is_Add:
        return _scaled_sum(spelling, expression)
    if spelling.is_Mul or (spelling.is_Pow and spelling.exp.is_negative):
        return _part_of_product(spelling, expression)
    factor, rest = expression.as_coeff_Mul()
    found = next(_walk(spelling, rest, {}), None)
    return None if found is None else (factor, found)


def _scaled_sum(spelling: Any, expression: Any) -> tuple[Any, Found] | None:
    if not expression.is_Add or len(expression.args) != len(spelling.args):
        return None
    own, other = spelling.as_coeff_Add()[0], expression.as_coeff_Add()[0]
    if (own == 0) != (other == 0):
        return None
    if own != 0:
        factors = [other / own]
    else:
        size = abs(expression.args[0].as_coeff_Mul()[0] / spelling.args[0].as_coeff_Mul()[0])
        factors = [size, -size]
    for factor in factors:
        found = next(_walk(spelling, sp.Add(*(a / factor for a in expression.args)), {}), None)
        if found is not None:
            return factor, found
    return None


def _part_of_product(spelling: Any, expression: Any) -> tuple[Any, Found] | None:
    wanted, there = sp.Mul.make_args(spelling), sp.Mul.make_args(expression)
    if not len(wanted) <= len(there) <= _MOST:
        return None
    for chosen in itertools.permutations(range(len(there)), len(wanted)):
        found = next(_in_order(wanted, [there[k] for k in chosen], {}), None)
        if found is not None:
            return sp.Mul(*(f for k, f in enumerate(there) if k not in chosen)), found
    return None


def _walk(spelling: Any, expression: Any, known: Found) -> Iterator[Found]:
    """Every meaning of the letters, added to those known, that makes the spelling the expression."""
    if not spelling.free_symbols:
        if spelling == expression:
            yield known
        return
    letter = _letter(spelling)
    if letter is not None:
        meaning = expression * letter / spelling
        # √2 in a spelling must be in the expression too; it is not made up by dividing.
        if not (spelling / letter).is_Rational and any(
            a.is_Pow and a.base.is_Rational for a in sp.Mul.make_args(meaning)
        ):
            return
        if _may_be(letter, meaning) and known.get(letter, meaning) == meaning:
            yield {**known, letter: meaning}
        return
    if spelling.is_Pow and spelling.base.is_Symbol and spelling.exp == 2:
        root = square_root(expression)
        if expression.is_Rational and expression > 0:
            yield {**known, spelling.base: sp.sqrt(expression)}
        elif root is not None:
            yield from (m for side in (root, -root) for m in _walk(spelling.base, side, known))
        return
    rest = _rest(spelling)
    if rest is not None:
        yield from _with_rest(spelling, rest, expression, known)
        return
    if spelling.is_Add or spelling.is_Mul:
        if expression.func is not spelling.func or len(expression.args) != len(spelling.args) or len(spelling.args) > 3:
            return
        for order in itertools.permutations(expression.args):
            yield from _in_order(spelling.args, order, known)
        return
    if expression.func is spelling.func and len(expression.args) == len(spelling.args):
        yield from _in_order(spelling.args, expression.args, known)


def _rest(spelling: Any) -> Any:
    """The letter in a sum `1 + u` or a quotient `…/w` that takes all that is left; None where there is none."""
    if spelling.is_Add and len(spelling.args) == 2 and spelling.args[0].is_number and spelling.args[1].is_Symbol:
        return spelling.args[1]
    if spelling.is_Mul:
        return next((a for a in spelling.args if a.is_Pow and a.exp == -1 and a.base.is_Symbol), None)
    return None


def _with_rest(spelling: Any, rest: Any, expression: Any, known: Found) -> Iterator[Found]:
    if expression.func is not spelling.func:
        return
    others = [a for a in spelling.args if a is not rest]
    for chosen in itertools.permutations(expression.args, len(others)):
        left = expression.func(*(a for a in expression.args if a not in chosen))
        if rest.is_Symbol:
            meaning, letter = left, rest
        else:
            meaning, letter = 1 / left, rest.base
            if sp.numer(left).free_symbols:
                continue
        for found in _in_order(others, chosen, known):
            if _may_be(letter, meaning) and found.get(letter, meaning) == meaning:
                yield {**found, letter: meaning}


def _in_order(spellings: Any, expressions: Any, known: Found) -> Iterator[Found]:
    if not spellings:
        yield known
        return
    for found in _walk(spellings[0], expressions[0], known):
        yield from _in_order(spellings[1:], expressions[1:], found)


def _letter(spelling: Any) -> Any:
    """The letter that a spelling is, up to a number in front of it."""
    if spelling.is_Symbol:
        return spelling
    symbols: set[Any] = spelling.free_symbols if spelling.is_Mul else set()
    if len(symbols) == 1:
        (letter,) = symbols
        if (spelling / letter).is_number:
            return letter
    return None


def _may_be(letter: Any, meaning: Any) -> bool:
    if letter.is_integer:
        return bool(meaning.is_Integer and 2 <= meaning <= 64)
    return bool(meaning.free_symbols)


def square_root(expression: Any) -> Any:
    """What an expression is the square of, as it stands; None if it is no square."""
    roots = []
    for factor in sp.Mul.make_args(expression):
        if factor.is_Rational:
            root = sp.sqrt(factor)
            if not root.is_Rational:
                return None
            roots.append(root)
        elif factor.is_Pow and factor.exp.is_Integer and factor.exp % 2 == 0:
            roots.append(factor.base ** (factor.exp // 2))
        else:
            return None
    return sp.Mul(*roots)


def multiplied_out(expression: Any) -> Any:
    """A sum of polynomials multiplied out, where its leading parts cancel and it gets shorter; else None."""
    if not expression.is_Add or len(expression.args) > _MOST:
        return None
    if not any(t.as_coeff_Mul()[0].is_negative for t in expression.args):
        return None
    if not any(a.is_Pow and a.base.is_Add for t in expression.args for a in sp.Mul.make_args(t)):
        return None
    degree = _degree(expression)
    if degree is None or not 2 <= degree <= _MOST:
        return None
    made = sp.expand(expression)
    if made.free_symbols and made.free_symbols != expression.free_symbols:
        return None
    cancels = (_degree(made) or 0) < degree
    return made if cancels and sp.count_ops(made) < sp.count_ops(expression) else None


def _degree(expression: Any) -> int | None:
    """The degree of a polynomial, read off as it stands; None for anything else."""
    if not expression.free_symbols:
        return 0
    if expression.is_Symbol:
        return 1
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        inner = _degree(expression.base)
        return None if inner is None else inner * int(expression.exp)
    if not (expression.is_Add or expression.is_Mul):
        return None
    parts = [_degree(a) for a in expression.args]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    return max(known) if expression.is_Add else sum(known)
