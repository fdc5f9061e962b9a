"""Writes the tables of the documentation from the tables of the program: `python docs/tables.py`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; whatever is there is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import symcalc as sc
from symcalc.catalogue.lessons import LESSONS
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.methods import METHODS as WAYS
from symcalc.catalogue.mistakes import MISTAKES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.rows import Row
from symcalc.catalogue.rules import RULES, SLOPES
from symcalc.catalogue.surfaces import SURFACES
from symcalc.language.limits import LIMITS, Limits
from symcalc.language.vocabulary import ARRAYS, ELEMENTWISE, ELSEWHERE, REDUCTIONS, Function
from symcalc.numeric.differences import METHODS

FOLDER = Path(__file__).parent
_PLACE = re.compile(r"(<!-- table: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; bars inside cells are escaped."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def functions(rows: Iterable[Function]) -> str:
    """Functions of the language: how they are written, what they are, where they hold."""
    return table(
        ("function", "what it is", "defined for", "at a kink", "also written"),
        (
            (
                f"`{row.name}({', '.join(row.arguments)})`",
                row.about,
                row.domain,
                row.kink,
                " ".join(f"`{alias}`" for alias in row.aliases),
            )
            for row in rows
        ),
    )


def formulas(rows: Mapping[str, Row]) -> str:
    """Rows of the catalogue: name, formula, what it is for."""
    return table(
        ("name", "formula", "what it is"),
        ((f"`{name}`", f"`{row.text}`", row.about) for name, row in rows.items()),
    )


def optimizers() -> str:
    """Optimizers: the lines that make a step, and their constants."""
    return table(
        ("name", "each step", "constants", "default rate"),
        (
            (
                f"`{name}`",
                "<br>".join(f"`{line.strip()}`" for line in row.formula.split(";")),
                ", ".join(f"{word} = {value:g}" for word, value in row.constants.items()),
                "" if row.learning_rate is None else f"{row.learning_rate:g}",
            )
            for name, row in {**OPTIMIZERS, **WAYS}.items()
        ),
    )


def methods() -> str:
    """Difference methods: formula and default step."""
    return table(
        ("name", "what it does", "formula", "step h at x = 1"),
        ((f"`{name}`", row.about, f"`{row.formula}`", f"{row.default_step(1.0):.0e}") for name, row in METHODS.items()),
    )


def mistakes() -> str:
    """Mistakes in differentiating: what they are called, the rule, what is written in its stead."""
    rules = {**{word: f"{word}: {slope}*du" for word, slope in SLOPES.items()}, **RULES}
    return table(
        ("mistake", "instead of", "is written"),
        ((row.name, f"`{rules[row.rule]}`", f"`{row.change}`") for row in MISTAKES),
    )


def limits() -> str:
    """Limits of a formula, as the class that holds them describes them."""
    text = " ".join((Limits.__doc__ or "").split("Attributes:")[1].split())
    names = [field.name for field in fields(Limits)]
    about = dict(re.findall(rf"\b({'|'.join(names)}): (.*?)(?= (?:{'|'.join(names)}): |$)", text))
    return table(("limit", "default", "of what"), ((f"`{n}`", f"{getattr(LIMITS, n):,}", about[n]) for n in names))


def in_full(rows: Mapping[str, Row]) -> str:
    """A section for each row."""
    return "\n".join("\n".join(_section(name, row)) for name, row in rows.items())


def _section(name: str, row: Row) -> Iterator[str]:
    loss = sc.parse(row.text, dict(row.example) or None, constants=row.constants, parameters=row.parameters)
    gradient = sc.differentiate(loss)
    yield f"### {name}\n\n{row.about}\n"
    yield "```text"
    yield from (line.strip() for line in row.text.split(";"))
    yield ""
    for parameter in loss.parameters:
        equation = gradient.equation_of(parameter.name)
        yield f"{gradient.notation.left(equation)} = {gradient.text[parameter.name]}"
    shown = " ".join(gradient.text.values())
    for equation in loss.equations:
        if equation.name.shown and equation.name.kind == "intermediate" and equation.name.name in shown:
            yield f"{equation.name.name} = {gradient.notation.right(equation)}"
    yield "```\n"
    constants = ", ".join(
        f"{word} = {value:g}" for word, value in row.constants.items() if isinstance(value, int | float)
    )
    facts = (("constants", constants), ("defined for", row.domain), ("least", row.minimum), ("source", row.source))
    for label, text in facts:
        if text:
            yield f"- {label}: {text}"
    yield ""


@cache
def tables() -> dict[str, str]:
    """All tables, by name."""
    return {
        "elementwise": functions(ELEMENTWISE),
        "reductions": functions(REDUCTIONS),
        "arrays": functions(ARRAYS),
        "elsewhere": table(("instead of", "write"), ((f"`{a}`", f"`{b}`") for a, b in ELSEWHERE.items())),
        "losses": formulas(LOSSES),
        "models": formulas(MODELS),
        "surfaces": formulas(SURFACES),
        "losses-in-full": in_full(LOSSES),
        "models-in-full": in_full(MODELS),
        "surfaces-in-full": in_full(SURFACES),
        "optimizers": optimizers(),
        "methods": methods(),
        "limits": limits(),
        "mistakes": mistakes(),
        "lessons": table(
            ("name", "what it is", "columns"),
            ((f"`{n}`", row.about, " ".join(f"`{c}`" for c in row.columns)) for n, row in LESSONS.items()),
        ),
    }


def filled(page: str) -> str:
    """A page with its tables as they are now."""
    made = tables()
    return _PLACE.sub(lambda match: f"{match[1]}{made[match['name']]}{match[3]}", page)


def main() -> None:
    """Brings every page up to date."""
    for path in sorted(FOLDER.rglob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = filled(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"{path.name} was brought up to date")


if __name__ == "__main__":
    main()
