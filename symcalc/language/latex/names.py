"""Names in LaTeX: what \\hat{y}_i, \\theta_0 and \\mathrm{rate} are called in the language.

One name has one spelling: a bold x beside a plain x, or \\hat{y} beside yhat, is refused instead of being
taken for the same.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from symcalc.language.faults import Fault
from symcalc.language.latex.building import Part
from symcalc.language.names import Declared

# Letters that stand for an index and for nothing else, so that one that no sum binds is no name.
INDEX_LIKE = set("ijkl")
_FRESH = "qrsuvjklpgh"


@dataclass
class Naming:
    """How names are read in one formula.

    Attributes:
        declared: What is known about names beforehand.
        letters: The index letters of the statement at hand, bound or not.
        bound: Those that are bound at the place at hand.
        spelled: Name → how it was set where it came first.
    """

    declared: Declared
    letters: set[str] = field(default_factory=set)
    bound: list[str] = field(default_factory=list)
    spelled: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def known(self, word: str) -> bool:
        """Whether the user said what a name is."""
        d = self.declared
        return any(word in names for names in (d.columns, d.bound, d.constants, d.parameters or (), d.shapes))

    def fresh(self, used: Container[str]) -> str:
        """An index letter that nothing else uses."""
        free = [c for c in _FRESH if c not in used and c not in self.letters and not self.known(c)]
        free += [
            f"{c}{k}" for k in range(1, 60) for c in "qr" if f"{c}{k}" not in used and f"{c}{k}" not in self.letters
        ]
        self.letters.add(free[0])
        return free[0]

    def read(self, part: Part) -> tuple[str, tuple[str, ...]]:
        """The name that a part is, and its indices; superscripts are not looked at."""
        base, style = self._base(part)
        suffix, indices = self.below(part.low) if part.low is not None else ("", ())
        name = self._joined(base, suffix)
        self._agree(name, (base, style, suffix), part)
        return name, indices

    def raised(self, part: Part, name: str, row: Part) -> str | tuple[str, ...]:
        """What x^{(i)} means: the index i, or the name x1 for x^{(1)}.

        Returns:
            The new name, or the indices to put first.
        """
        inside = row.parts[0].only if len(row.parts) == 1 else row
        if inside.kind == "NUMBER" and inside.text.isdigit() and inside.bare:
            made = self._joined(name, inside.text)
            self._agree(made, (name, "raised", inside.text), part)
            return made
        if inside.kind == "NAME" and inside.bare and inside.text in self.letters:
            return (self._in_scope(inside),)
        raise Fault("A superscript in round brackets is read as an index that a sum binds, or as a number of a layer. "
                    f"For a power write {_shown(part)}^{{…}} without them.", row.place)  # fmt: skip

    def below(self, low: Part) -> tuple[str, tuple[str, ...]]:
        """A subscript: what it adds to a name, or the indices it gives."""
        cells = list(low.parts) if low.kind == "LBRACE" else [low]
        if len(cells) > 1:
            return "", tuple(self._index(cell.only) for cell in cells)
        inside = low.only
        pieces = list(inside.parts) if inside.kind == "chain" else [inside]
        if any(p.kind not in ("NAME", "NUMBER") or not p.bare for p in pieces):
            raise Fault("This subscript is not read: indices are letters that a sum binds, such as x_{i,j}; a name's "
                        r"own subscript is a word or a number, x_{\mathrm{max}} or x_{1}.", low.place)  # fmt: skip
        word = "".join(p.text for p in pieces)
        if len(pieces) == 1:
            return self._single(pieces[0])
        if word in self.letters:
            return "", (self._bound_letter(word, low),)
        known = [p.kind == "NAME" and p.text in self.letters for p in pieces]
        if all(known):
            return "", tuple(self._in_scope(p) for p in pieces)
        if any(known) or set(word) <= INDEX_LIKE or any(p.style for p in pieces):
            raise self._unbound(next((p for p, k in zip(pieces, known) if not k), low))
        return "_" + word, ()

    def _single(self, piece: Part) -> tuple[str, tuple[str, ...]]:
        if piece.kind == "NUMBER":
            if not piece.text.isdigit():
                raise Fault("A subscript is a whole number or a word.", piece.place)
            return piece.text, ()
        if piece.style == "word":
            return "_" + piece.text, ()
        if piece.text in self.letters:
            return "", (self._in_scope(piece),)
        if piece.text in INDEX_LIKE or piece.style == "italic":
            raise self._unbound(piece)
        return "_" + piece.text, ()

    def _index(self, piece: Part) -> str:
        if piece.kind == "NUMBER" and piece.text.isdigit() and piece.bare:
            return piece.text
        if piece.kind == "NAME" and piece.bare:
            if piece.text in self.letters:
                return self._in_scope(piece)
            raise self._unbound(piece)
        raise Fault(
            "An index is a letter that a sum binds, or a whole number counted from 0: x_{i,j}, x_{i,0}.", piece.place
        )

    def _in_scope(self, piece: Part) -> str:
        return self._bound_letter(piece.text, piece)

    def _bound_letter(self, letter: str, piece: Part) -> str:
        if letter not in self.bound:
            raise Fault(
                f"{letter} is bound only inside its sum, which ends before this place. Put all that belongs to "
                r"the sum in brackets: \sum_{" + letter + r"} \left(…\right).", piece.place,
            )  # fmt: skip
        return letter

    def _unbound(self, piece: Part) -> Fault:
        if piece.kind == "NUMBER":
            return Fault(
                "A letter and a number in one subscript stand apart, the number counted from 0: x_{i,0}.", piece.place
            )
        word = piece.text or "This index"
        return Fault(
            f"No sum binds the index {word}. Write \\sum_{{{word}}} over it, leave it out for the loss of one row, or write "
            rf"\mathrm{{{word}}} in the subscript where it is part of a name.", piece.place,
        )  # fmt: skip

    def _base(self, part: Part) -> tuple[str, str]:
        if part.kind == "NAME":
            return part.text, "" if part.style in ("word", "italic") else part.style
        if part.kind == "accent":
            inside = part.parts[0].only
            if inside.kind != "NAME" or not inside.bare:
                raise Fault(rf"\{part.text} stands on one letter: \{part.text}{{y}}_i, not on what has scripts or signs.",
                            part.place)  # fmt: skip
            word = inside.text if part.text == "vec" else inside.text + part.text
            return word, f"{part.text} {inside.style}"
        raise Fault("A subscript stands here on what is no name.", part.place)

    def _joined(self, base: str, suffix: str) -> str:
        """theta and 0 are theta0, unless the user declared theta_0."""
        if not suffix:
            return base
        tight, loose = base + suffix.removeprefix("_"), f"{base}_{suffix.removeprefix('_')}"
        if suffix.startswith("_"):
            return loose
        digits_end = base[-1].isdigit()
        return loose if digits_end or (self.known(loose) and not self.known(tight)) else tight

    def _agree(self, name: str, spelling: tuple[str, ...], part: Part) -> None:
        before = self.spelled.setdefault(name, spelling)
        if before != spelling:
            raise Fault(
                f"{name} is spelled in two ways in this formula, and symcalc has one name for both. "
                "Spell it in one way, or give one of them a name of its own.", part.place,
            )  # fmt: skip


def layer(high: Part | None) -> Part | None:
    """The bracket of x^{(i)} or W^{[1]}; None where the superscript is a power."""
    if high is None or high.kind != "LBRACE" or len(high.parts) != 1:
        return None
    inside = high.parts[0]
    elements = inside.parts if inside.kind == "chain" else (inside,)
    if len(elements) == 1 and elements[0].kind in ("LPAR", "LSQB") and elements[0].bare and len(elements[0].parts) == 1:
        content = elements[0].parts[0].only
        return elements[0] if content.kind in ("NAME", "NUMBER") and content.bare else None
    return None


def _shown(part: Part) -> str:
    return part.text if part.kind == "NAME" and len(part.text) == 1 else "x"


def column_like(word: str, declared: Declared, defined: Mapping[str, object]) -> bool:
    """Whether a bar over a name is the mean of a column: of the data, bound, defined, or named like one."""
    if word in defined or word in declared.columns or word in declared.bound:
        return True
    if declared.data or word in (declared.parameters or ()) or word in declared.constants or word in declared.shapes:
        return False
    return re.fullmatch(r"[xytzXY]\d*", word) is not None
