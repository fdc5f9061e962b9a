"""The sentences of a diagnosis: what went wrong, where, and how to repair it."""

from __future__ import annotations

from dataclasses import dataclass

from symcalc.calculus.gradient import Gradient
from symcalc.catalogue.mistakes import Mistake
from symcalc.equations import Axis
from symcalc.language.answer import Answer
from symcalc.language.names import walk
from symcalc.marking.candidates import Candidate
from symcalc.marking.learner import Site
from symcalc.marking.rewriting import Rewritten
from symcalc.marking.trial import Ratio
from symcalc.notation import text, tree


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with an answer.

    Attributes:
        names: The mistakes, by name; empty where none fits.
        sentence: What went wrong and how to repair it.
    """

    names: tuple[str, ...]
    sentence: str


class Words:
    """Says things about one slope of one loss.

    Args:
        gradient: The slopes of the loss.
        word: The parameter.
    """

    def __init__(self, gradient: Gradient, word: str) -> None:
        self.gradient, self.word, self.loss = gradient, word, gradient.loss
        self.slope = gradient.slope_name(word).name

    # -- parts of sentences ------------------------------------------------------------------------

    def source(self, node: tree.Node) -> str:
        """A part of the loss as it was typed."""
        return self.loss.notation.as_typed(node)

    def shape(self, axes: tuple[Axis, ...]) -> str:
        """A shape in words."""
        return f"({', '.join(a.label for a in axes)})" if axes else "one number"

    def _fields(self, site: Site) -> dict[str, str]:
        inside = self.source(site.inside)
        plain = isinstance(site.inside, (tree.Ref, tree.Call, tree.Number))
        constant = "" if site.constant is None else self.source(site.constant)
        if isinstance(site.node, tree.Binary) and site.node.op == "/" and site.constant is not None:
            constant = f"1/{constant}" if site.rule == "factor" else constant
        second = "" if site.second is None else self.source(site.second)
        if site.rule == "power":
            second = second or "2"
        return {
            "place": self.source(site.node), "inside": inside if plain else f"({inside})",
            "first": inside, "second": second, "c": constant, "p": second, "f": _function(site),
            "name": self.word,
        }  # fmt: skip

    def name_of(self, mistake: Mistake, site: Site) -> str:
        """What a mistake is called at a site: lost factor 2; the regularizer, where that is the term forgotten."""
        if mistake.name == "forgot a term" and self._is_penalty(mistake, site):
            return "forgot the regularizer"
        return mistake.name.format(**self._fields(site))

    def _is_penalty(self, mistake: Mistake, site: Site) -> bool:
        """Whether the term left out holds no column, while the other one does."""
        left_out, kept = (site.second, site.inside) if "du" in mistake.change else (site.inside, site.second)
        return left_out is not None and kept is not None and not self._columns(left_out) and self._columns(kept)

    def _columns(self, node: tree.Node) -> bool:
        columns = {c.name for c in self.loss.columns}
        defined = {s.name: s.expression for s in self.loss.formula.statements[:-1] if s.name}
        waiting, known = [node], set()
        while waiting:
            for part in walk(waiting.pop()):
                if isinstance(part, tree.Ref) and part.name in columns:
                    return True
                if isinstance(part, tree.Ref) and part.name in defined and part.name not in known:
                    known.add(part.name)
                    waiting.append(defined[part.name])
        return False

    def says(self, mistake: Mistake, site: Site) -> str:
        """A mistake at a site, in a sentence."""
        return mistake.says.format(**self._fields(site))

    def _one(self, candidate: Candidate) -> str:
        mistake, site = candidate.pairs[0]
        everywhere = " The same happened at every such place." if len(candidate.pairs) > 1 else ""
        return f"{_capital(self.name_of(mistake, site))}. {self.says(mistake, site)}{everywhere}"

    # -- whole diagnoses -----------------------------------------------------------------------------

    def mistakes(self, matches: list[Candidate], factor: Ratio | None) -> Diagnosis:
        """One mistake; others that lead to the same answer are named."""
        first, *rest = sorted(matches, key=_rank)
        name = self.name_of(*first.pairs[0])
        sentence = self._one(first)
        if factor is not None:
            sentence += f" So yours is {factor} times the answer."
        return _made((name,), sentence + self._also(name, first, rest))

    def sign(self, matches: list[Candidate]) -> Diagnosis:
        """The right slope with the wrong sign."""
        signs = [m for m in matches if m.pairs[0][0].name == "sign"] or matches[:1]
        where = f" {self.says(*signs[0].pairs[0])}" if signs else ""
        rest = self._also("sign", None, sorted(matches, key=_rank))
        return _made(("sign",), f"Sign. Yours is -1 times the answer.{where}{rest}")

    def _also(self, name: str, first: Candidate | None, rest: list[Candidate]) -> str:
        """What else leads to the same answer, by name; another name for the same slip at the same site does not count."""
        others: list[str] = []
        for candidate in rest:
            mistake, site = candidate.pairs[0]
            own = self.name_of(mistake, site)
            again = first is not None and first.pairs[0][1].key == site.key and _rank(candidate)
            if own != name and own not in others and not again:
                others.append(own)
        return f" The same answer comes of: {'; '.join(others[:2])}." if others else ""

    def ratio(self, factor: Ratio) -> Diagnosis:
        """A constant factor nobody can place."""
        why: dict[tuple[object, int], str] = {
            (1, -1): " It was divided by n once too often.",
            (1, 1): " The division by n is lost.",
        }
        sentence = f"Constant ratio. Yours is {factor} times the answer: it is right but for that factor."
        return _made(("constant ratio",), sentence + why.get((factor.number, factor.power), ""))

    def with_sign(self, candidate: Candidate, factor: Ratio | None) -> Diagnosis:
        """A mistake and a wrong sign."""
        name = self.name_of(*candidate.pairs[0])
        whole = "" if factor is None else f" Together they make a constant ratio: yours is {factor} times the answer."
        return _made((name, "sign"), f"Two mistakes: {name}, and sign. {self.says(*candidate.pairs[0])} "
                     f"And the sign is the wrong one.{whole}")  # fmt: skip

    def both(self, one: Candidate, other: Candidate, factor: Ratio | None) -> Diagnosis:
        """Two mistakes."""
        first, second = (self.name_of(*c.pairs[0]) for c in (one, other))
        whole = "" if factor is None else f" Together they make a constant ratio: yours is {factor} times the answer."
        return _made((first, second), f"Two mistakes: {first}, and {second}. {self.says(*one.pairs[0])} "
                     f"{self.says(*other.pairs[0])}{whole}")  # fmt: skip

    def with_factor(self, candidate: Candidate) -> Diagnosis:
        """A mistake and a constant factor nobody can place."""
        name = self.name_of(*candidate.pairs[0])
        return _made((name, "constant ratio"), f"Two mistakes: {name}, and a constant ratio. "
                     f"{self.says(*candidate.pairs[0])} What is left is {candidate.ratio} times as large as it should "
                     "be.")  # fmt: skip

    def wrong_variable(self, other: str, matches: list[Candidate]) -> Diagnosis:
        """The slope in another parameter; other mistakes may lead there."""
        sentence = (
            f"Wrong variable. That is the slope in {other}, not in {self.word}: for {self.slope} only {self.word} "
            "moves, and everything else is held."
        )
        also = self._also("wrong variable", None, sorted(matches, key=_rank))
        return _made(("wrong variable",), sentence + also)

    def loss_itself(self) -> str:
        """The loss instead of its slope."""
        return f"Not differentiated. That is the loss {self.loss.name} itself; wanted is its slope {self.slope}."

    def zero(self) -> str:
        """Nothing at all."""
        return f"Zero. {self.loss.name} depends on {self.word}, so its slope is not 0 everywhere."

    def symmetric(self, matrix: str) -> str:
        """Right for a symmetric matrix only."""
        return (
            f"Transposed matrix. Yours is right only where {matrix} is symmetric: where {matrix} comes in twice, it comes "
            f"in once as {matrix} and once as {matrix}.T, so the two do not add up to twice one of them."
        )

    def transposed(self) -> str:
        """A square matrix, transposed."""
        return (
            f"Transposed matrix. Yours is the answer with rows and columns exchanged; write .T behind it. Entry [i,j] of "
            f"{self.slope} belongs to {self.word}[i,j]."
        )

    def transposed_shape(self, wanted: str, got: str) -> str:
        """A matrix of the transposed shape."""
        return (
            f"Transposed matrix. Yours is {got}, and {self.slope} has the shape of {self.word}, which is {wanted}: "
            "exchange rows and columns with .T."
        )

    def other_shape(self, wanted: str, got: str) -> str:
        """A shape that cannot be right."""
        return f"Another shape. {self.slope} has the shape of {self.word}, which is {wanted}; yours is {got}."

    def per_row(self, wanted: str, got: str, reduction: str, answer: str) -> str:
        """One value a row where the rows must be added up."""
        start = (
            f"Not summed over the rows. Yours has one value a row, {got}; {self.slope} has the shape of {self.word}, "
            f"which is {wanted}"
        )
        if reduction:
            axis = "" if wanted == "one number" else ", axis=0"
            return f"{start}. Each row's part is right; write {reduction}({answer.strip()}{axis})."
        return f"{start}: add the rows up with sum(…) or mean(…), as the loss does."

    def precedence(self, changed: Rewritten) -> str:
        """A formula read without some of its parentheses."""
        meant, read = self.source(changed.node), written(changed.made)
        return (
            f"Precedence. That is the slope of a loss with {read} in the place of {meant}: the parentheses were lost, so "
            "a sign or a factor reaches too little. Keep them, or multiply them out."
        )

    def precedence_and(self, changed: Rewritten, factor: Ratio) -> Diagnosis:
        """A formula read without some of its parentheses, and a constant factor."""
        other = "sign" if factor.minus else "constant ratio"
        return _made(("precedence", other), f"Two mistakes: precedence, and {other}. {self.precedence(changed)} Of that "
                     f"slope yours is {factor} times.")  # fmt: skip

    def mended(self, name: str, changed: Rewritten, answer: Answer) -> str:
        """A slip in the answer that one change mends."""
        was = _typed(changed.node, answer.text)
        made = written(changed.made)
        why = {
            "precedence": "parentheses reach too far or not far enough",
            "transposed matrix": "rows and columns are exchanged",
            "sign": "one term has the wrong sign",
            "mean for sum": "a mean stands for a sum, or a sum for a mean (lost 1/n)",
        }[name]
        return f"{_capital(name)}. In your answer {why}: it is right with {made} in the place of {was}."


def _made(names: tuple[str, ...], sentence: str) -> Diagnosis:
    return Diagnosis(names, sentence)


def _rank(candidate: Candidate) -> int:
    """What people do most often comes first; among the rest the table's order stays."""
    return 0 if candidate.pairs[0][0].name == "dropped inner derivative" else 1


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _typed(node: tree.Node, whole: str) -> str:
    return written(node) if node.start < 0 else " ".join(whole[node.start : node.end].split())


def written(node: tree.Node) -> str:
    """A changed tree as text."""
    return text.write(node, text.ASCII)


def _function(site: Site) -> str:
    node = site.node
    if isinstance(node, tree.Call):
        return node.function
    return "abs" if isinstance(node, tree.Bars) else "the function"
