"""Functions, sums and reductions in LaTeX: where their arguments are, and the indices they bind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symcalc.language.faults import Fault
from symcalc.language.latex import commands
from symcalc.language.latex.building import Part
from symcalc.language.latex.context import bound_by, mentions, size_of, transposed
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.latex.values import Values

_BRACKETS = ("LPAR", "LSQB", "LCURLY", "LBRACE")
_STOPS = ("FUNCTION", "SUM", "PROD", "CDOT", "SLASH", "MATMUL", "fraction")

_CALLED_LIKE = {"f", "g", "h", "phi", "Phi", "psi", "Psi", "varphi"}


def big(values: Values, part: Part, body: tuple[Part, ...]) -> tree.Node:
    """A \\sum or \\prod with everything behind it in the product."""
    word = "sum" if part.kind == "SUM" else "prod"
    if not body:
        raise Fault(f"What the {'sum' if word == 'sum' else 'product'} runs over is missing behind it.", part.place)
    letters = bound_by(part)
    size = size_of(part, letters)
    if not letters:
        if values.naming.letters:
            raise Fault(rf"This {part.text} names no index, and others of the line do. Write \sum_{{i}}.", part.place)
        return values.made(tree.Call(part.start, body[-1].end, word, (values.chain(body),)))
    for letter in letters:
        if not any(mentions(p, letter) for p in body):
            raise Fault(f"Nothing that this {part.text} takes in carries the index {letter}. Write x_{{{letter}}} for the "
                        f"values it runs over, or {part.text} without an index.", part.place)  # fmt: skip
    if word == "prod":
        for p in body:
            if p.kind not in ("CDOT", "SUM", "PROD") and not any(mentions(p, c) for c in letters):
                raise Fault(
                    r"How far this \prod reaches is not clear: put all that it multiplies in brackets.", p.place
                )
    if size is not None:
        values.sizes.setdefault(size, letters[0])
    with values.binding(letters):
        inside = values.chain(body)
    over = tuple(tree.Ref(part.start, part.end, c) for c in letters)
    return values.made(tree.Call(part.start, body[-1].end, part.style or word, (inside, *over)))


def function(values: Values, part: Part, elements: tuple[Part, ...], k: int) -> tuple[tree.Node, int]:
    """A function's call, and the place behind it."""
    word, over = _meant(values, part)
    power = _power(part)
    arguments, axis, after = _arguments(values, part, word, over, elements, k + 1)
    end = elements[after - 1].end
    if part.style == "indicator":
        condition = arguments[0]
        if len(arguments) != 1 or not isinstance(condition, tree.Compare):
            raise Fault(r"An indicator takes one condition: \mathbb{1}[u > 0].", tree.Node(part.start, end))
        one, zero = (values.number(str(n), condition) for n in (1, 0))
        node = values.made(tree.Call(part.start, end, "where", (condition, one, zero)))
    else:
        refs = tuple(tree.Ref(part.start, part.end, c) for c in over)
        _check_conditions(word, arguments)
        node = values.made(tree.Call(part.start, end, word, (*arguments, *refs), axis))
    high = elements[after - 1].high if after - 1 > k and _called(elements[k + 1]) and after == k + 2 else None
    if power is not None and high is not None:
        raise Fault("Two powers stand on one function; write one.", high.place)
    exponent = power or high
    if exponent is None:
        return node, after
    if transposed(values.context, elements[after - 1] if power is None else part):
        return values.made(tree.Transpose(part.start, end, node)), after
    if _inverse(exponent):
        raise Fault("A function to the power -1 can be read in two ways: write \\frac{1}{…}, or the inverse by its name "
                    r"(\arcsin, \exp).", exponent.place)  # fmt: skip
    return values.made(tree.Binary(part.start, end, "^", node, values.inside(exponent))), after


def _meant(values: Values, part: Part) -> tuple[str, tuple[str, ...]]:
    """The function and the indices it reduces over: \\log_2 is log2, \\max_k reduces over k."""
    if part.low is None:
        return part.text, ()
    low = part.low.only
    if part.text == "log" and low.kind == "NUMBER":
        base = {"2": "log2", "10": "log10"}.get(low.text)
        if base is None:
            raise Fault(r"Logarithms are read to base e, 2 and 10; write \frac{\log x}{\log 3} for base 3.", low.place)
        return base, ()
    row = FUNCTIONS.get(SPELLINGS.get(part.text, ""))
    if row is None or row.kind != "reduction":
        raise Fault(f"A subscript of {part.text} is not read. Leave it out, or put it on the argument.", part.low.place)
    return part.text, bound_by(part)


def _power(part: Part) -> Part | None:
    return part.high if part.kind == "FUNCTION" else None


def _inverse(part: Part) -> bool:
    inside = part.parts[0] if part.kind == "LBRACE" and len(part.parts) == 1 else part
    return inside.kind == "sum" and inside.text == "-" and inside.parts[0].only.text == "1"


def _called(part: Part) -> bool:
    return part.kind in _BRACKETS


def _arguments(
    values: Values, part: Part, word: str, over: tuple[str, ...], elements: tuple[Part, ...], k: int
) -> tuple[tuple[tree.Node, ...], int | None, int]:
    if k >= len(elements) or elements[k].kind in ("CDOT", "SLASH", "MATMUL"):
        raise Fault(rf"The argument of {word} is missing; write {_spoken(word)}\left(…\right).", part.place)
    first = elements[k]
    with values.binding(over), values.deeper(part):
        if _called(first):
            if first.low is not None:
                raise Fault(
                    "A subscript behind a function's bracket is not read; put it on the argument.", first.low.place
                )
            return (*_cells(values, first), k + 1)
        if word in ("max", "min") and not over:
            raise Fault(rf"\{word} takes its arguments in brackets: \{word}\left(0, u\right).", part.place)
        return _bare(values, word, elements, k)


def _cells(values: Values, bracket: Part) -> tuple[tuple[tree.Node, ...], int | None]:
    nodes: list[tree.Node] = []
    axis: int | None = None
    for cell in bracket.parts:
        if cell.kind == "compared" and cell.text == "=" and cell.parts[0].only.text == "axis":
            axis = _axis(cell.parts[1])
        else:
            nodes.append(values.cell(cell))
    return tuple(nodes), axis


def _axis(part: Part) -> int:
    sign, inside = 1, part.only
    if inside.kind == "sum" and inside.text == "-" and len(inside.parts) == 1:
        sign, inside = -1, inside.parts[0].only
    if inside.kind != "NUMBER" or not inside.text.isdigit() or len(inside.text) > 2:
        raise Fault("axis= takes a whole number.", part.place)
    return sign * int(inside.text)


def _bare(
    values: Values, word: str, elements: tuple[Part, ...], k: int
) -> tuple[tuple[tree.Node, ...], int | None, int]:
    """An argument without brackets: \\log x, \\sin 2\\pi x, \\log \\det A."""
    end = k
    while end < len(elements) and (elements[end].kind == "NUMBER" or elements[end].text == "pi") and elements[end].bare:
        end += 1
    if end + 1 < len(elements):
        named = function_name(values, elements[end], elements[end + 1])
        if named:
            called = replace(elements[end], kind="FUNCTION", text=named)
            elements = (*elements[:end], called, *elements[end + 1 :])
    if end < len(elements) and elements[end].kind == "FUNCTION":
        inner, after = function(values, elements[end], elements, end)
        for coefficient in reversed(elements[k:end]):
            node = values.value(coefficient)
            inner = values.made(tree.Binary(node.start, inner.end, "*", node, inner, True))
        return (inner,), None, after
    if end < len(elements) and elements[end].kind in ("SUM", "PROD"):
        return (values.chain(elements[k:]),), None, len(elements)
    if (end < len(elements) and elements[end].kind not in _STOPS) or (end == k and elements[end].kind == "fraction"):
        end += 1
    following = elements[end] if end < len(elements) else None
    if following is not None and following.kind not in _STOPS:
        typed = tree.Node(elements[k].start, following.end)
        raise Fault(f"How far the argument of {word} reaches is not clear; put it in brackets: "
                    rf"{_spoken(word)}\left(…\right).", typed)  # fmt: skip
    if following is not None and following.kind == "SLASH":
        raise Fault(f"How far the argument of {word} reaches is not clear; put it in brackets: "
                    rf"{_spoken(word)}\left(…\right).", tree.Node(elements[k].start, following.end))  # fmt: skip
    return (values.chain(elements[k:end]),), None, end


def _check_conditions(word: str, arguments: tuple[tree.Node, ...]) -> None:
    for k, node in enumerate(arguments):
        if isinstance(node, tree.Compare) and (word != "where" or k):
            raise Fault(r"A condition stands only in cases or in an indicator, \mathbb{1}[u > 0].", node)


def function_name(values: Values, part: Part, following: Part | None) -> str:
    """The function that a letter before a bracket stands for, "" where it is a factor.

    Raises:
        Fault: It cannot be told.
    """
    called = following is not None and following.kind == "LPAR"
    if not called or following is None or part.kind not in ("NAME", "accent"):
        return ""
    name = part.text
    if part.kind == "NAME" and part.bare and name == "Gamma":
        return "gamma"
    if part.kind == "NAME" and part.bare and name == "sigma":
        if values.context.sigmoid:
            values.note(r"\sigma(…) was read as sigmoid(…); for a product write \sigma \cdot (…).")
            return "sigmoid"
        raise Fault(r"\sigma(…) can be read in two ways: write \operatorname{sigmoid}(…), or \sigma \cdot (…) for a product.",
                    tree.Node(part.start, following.end), r"\operatorname{sigmoid}")  # fmt: skip
    if (
        len(following.parts) > 1
        or (part.kind == "NAME" and name in _CALLED_LIKE)
        or part.kind == "accent"
        or (len(name) > 1 and part.style == "word")
    ):
        raise Fault("A function of the user's own is not read. Give it a line, such as \\hat{y} = m x + b, and use its "
                    r"name alone; for a product write \cdot before the bracket.", tree.Node(part.start, following.end))  # fmt: skip
    return ""


def _spoken(word: str) -> str:
    """A function as it is written in LaTeX."""
    return f"\\{word}" if commands.FUNCTIONS.get(word) == word else rf"\operatorname{{{word}}}"
