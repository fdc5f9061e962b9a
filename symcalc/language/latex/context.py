"""What the whole of a LaTeX formula tells about its parts: which letters are matrices, which stand for sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symcalc.language.faults import Fault
from symcalc.language.latex.building import Line, Part
from symcalc.language.names import Declared

_MATRIX_WORDS = {"det", "logdet", "trace", "inv", "inverse", "solve", "transpose", "diag", "outer", "dot"}


@dataclass(frozen=True)
class Context:
    """What was found in the whole formula.

    Attributes:
        matrices: Whether it is about matrices: something is transposed, bold, has a norm or a determinant.
        arrays: Names that are matrices for certain: declared so, bold capitals.
        sigmoid: Whether \\sigma(…) may be the sigmoid: σ stands nowhere alone.
        plain_t: Whether T stands somewhere as a value, so that ^T is not clear.
    """

    matrices: bool
    arrays: frozenset[str]
    sigmoid: bool
    plain_t: bool


def found(lines: Sequence[Line], declared: Declared) -> Context:
    """The context of a formula."""
    parts = [p for line in lines for side in (line.left, line.right) if side is not None for p in side.walk()]
    tall = {n for n, s in {**declared.shapes, **declared.constants, **(declared.parameters or {})}.items()
            if s is not None and len(s) > 1}  # fmt: skip
    tall |= {n for n, headers in declared.bound.items() if headers is not None and len(headers) > 1}
    tall |= {n for n, shape in declared.columns.items() if shape}
    bold = {p.text for p in parts if p.kind == "NAME" and p.style == "bold" and p.text.isupper()}
    raised = {id(p.high) for p in parts if p.high is not None}
    matrices = bool(tall or bold) or any(
        p.kind in ("TOP", "NORM_L", "MATMUL")
        or (p.kind == "NAME" and p.text == "T" and id(p) in raised)
        or (p.kind == "FUNCTION" and p.text in _MATRIX_WORDS)
        for p in parts
    )
    alone = any(
        p.kind == "chain" and any(
            e.kind == "NAME" and e.text == "sigma" and not (e.bare and _opens(p.parts, k + 1))
            for k, e in enumerate(p.parts)
        )
        for p in parts
    )  # fmt: skip
    known = {*declared.columns, *declared.bound, *declared.constants, *(declared.parameters or ()), *declared.shapes}
    exponents = {id(q) for p in parts if p.high is not None for q in p.high.walk()}
    plain_t = "T" in known or any(p.kind == "NAME" and p.text == "T" and id(p) not in exponents for p in parts)
    return Context(matrices, frozenset(tall | bold), not alone and "sigma" not in known, plain_t)


def _opens(elements: Sequence[Part], k: int) -> bool:
    return k < len(elements) and elements[k].kind == "LPAR"


def bound_by(part: Part) -> tuple[str, ...]:
    """The index letters under a \\sum, \\prod, \\max: i and j of \\sum_{i,j} or \\sum_{i=1}^{n}.

    Raises:
        Fault: What stands there is none.
    """
    low = part.low
    if low is None:
        return ()
    cells = list(low.parts) if low.kind == "LBRACE" else [low]
    letters: list[str] = []
    for cell in cells:
        inside = cell.parts[0] if cell.kind == "compared" and cell.text == "=" else cell
        inside = inside.only
        pieces = inside.parts if inside.kind == "chain" else (inside,)
        if any(p.kind != "NAME" or not p.bare for p in pieces):
            raise Fault(r"Under a sum stand index letters, such as \sum_{i} or \sum_{i=1}^{n}, and no conditions. "
                        "Leave a condition out, or put it into the sum as cases.", cell.place)  # fmt: skip
        letters += [p.text for p in pieces]
    return tuple(letters)


def size_of(part: Part, letters: tuple[str, ...]) -> str | None:
    """The name above a \\sum, which is the number of entries it runs over; None where nothing stands there.

    Raises:
        Fault: The sum does not run over all entries.
    """
    first = _first(part)
    if part.high is None:
        if first is not None:
            raise Fault(
                r"Where the sum ends is missing: write \sum_{i=1}^{n}, or \sum_{i} over all entries.", part.place
            )
        return None
    top, last = part.high.only, "" if first is None else first.text
    if len(letters) == 1 and top.kind == "NAME" and top.bare and last in ("1", ""):
        return top.text
    if top.kind == "LBRACE" and len(top.parts) == 1:
        top = top.parts[0]
    if top.kind == "sum" and len(top.parts) == 2 and top.text == " -" and last == "0":
        name, one = (p.only for p in top.parts)
        if name.kind == "NAME" and name.bare and one.kind == "NUMBER" and one.text == "1":
            return name.text
    raise Fault(r"A sum runs over all entries: write \sum_{i} or \sum_{i=1}^{n} with a name n. How many there are comes "
                "from the data, or from --shape.", part.high.place)  # fmt: skip


def _first(part: Part) -> Part | None:
    cells = part.low.parts if part.low is not None and part.low.kind == "LBRACE" else ()
    if len(cells) == 1 and cells[0].kind == "compared":
        return cells[0].parts[1].only
    return None


def reductions(part: Part) -> Iterator[Part]:
    """Everything in a part that may bind indices."""
    for p in part.walk():
        if p.kind in ("SUM", "PROD") or (p.kind == "FUNCTION" and p.low is not None):
            yield p


def mentions(part: Part, letter: str) -> bool:
    """Whether a letter occurs among the scripts in a part."""
    scripts = [s for p in part.walk() for s in (p.low, p.high) if s is not None]
    return any(q.kind == "NAME" and q.text == letter for s in scripts for q in s.walk())


def transposed(context: Context, part: Part) -> bool:
    """Whether a part has the exponent \\top or T."""
    if part.high is None:
        return False
    high = part.high.only
    if high.kind == "TOP":
        return True
    if (high.kind == "NAME" and high.text == "T" and part.high.kind != "LBRACE") or (
        part.high.kind == "LBRACE" and len(part.high.parts) == 1 and part.high.parts[0].kind == "chain"
        and [p.kind for p in part.high.parts[0].parts] == ["NAME"] and high.text == "T" and high.bare
    ):  # fmt: skip
        if context.plain_t:
            raise Fault(r"T is a value of this formula as well, so ^T can be read in two ways: write ^\top for a "
                        "transpose, ^{{T}} for a power.", part.high.place)  # fmt: skip
        return True
    return False
