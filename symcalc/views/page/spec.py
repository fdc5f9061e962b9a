"""What a page must know of a loss: the document its bench is built from, and the code that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.compute.program import Program
from symcalc.descent.optimizer import optimizer_named
from symcalc.errors import InputError
from symcalc.sources.run_file import plain
from symcalc.views.javascript.rules import memory, rule
from symcalc.views.javascript.script import Script, script
from symcalc.views.pictured import columns as pictured

MOST_NUMBERS = 200_000


def code(made: Script) -> str:
    """The functions of a loss and the rules of the optimizers as one JavaScript expression, an object."""
    names = ["evaluate", "product", *(["trained", "model"] if made.predicts else [])]
    return f"(() => {{\n{made.text}{_rules()}return {{ {', '.join(names)}, rules }};\n}})()"


@cache
def _rules() -> str:
    """The optimizers that work entry by entry."""
    rules = []
    for name in OPTIMIZERS:
        try:
            optimizer = optimizer_named(name)
            rules.append(f'"{name}": {{ memory: {memory(optimizer)}, step: {rule(optimizer)} }}')
        except InputError:
            continue  # a rule that does not work entry by entry has no place on the page
    return "const rules = {\n" + ",\n".join(rules) + "\n};\n"


def spec(
    program: Program,
    made: Script,
    start: Any,
    rate: float | None = None,
    minimum: Any = None,
    optimizer: str = "gradient-descent",
    numeric: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The document of a bench.

    Args:
        program: The compiled loss.
        made: Its JavaScript.
        start: Where its walks begin, (P,).
        rate: The learning rate to begin with; a quarter of the largest stable one unless given.
        minimum: Where the lowest loss is, (P,), where that is known.
        optimizer: The rule to begin with.
        numeric: {"method", "h"} of the numeric slopes shown.

    Raises:
        InputError: The data are too large for a page.
    """
    loss, layout = program.loss, program.layout
    words = {name.name: word for word, name in made.inputs.items()}
    total = sum(np.size(program.given[c.symbol]) for c in loss.columns)
    if total > MOST_NUMBERS:
        raise InputError(f"The data have {total:,} numbers; a page takes up to {MOST_NUMBERS:,}. Give it fewer rows.")
    at, parameters = 0, []
    texts = program.gradient_equations.text
    for p in loss.parameters:
        count = int(np.prod(layout.shapes[p.name], dtype=int))
        parameters.append({
            "name": p.name, "word": words.get(p.name), "shape": layout.shapes[p.name], "count": count, "at": at,
            "direction": made.directions.get(p.name), "slope_text": texts.get(p.name, "0"),
        })  # fmt: skip
        at += count
    found: dict[str, Any] = plain({
        "loss_name": loss.name,
        "entries": layout.entries(),
        "parameters": parameters,
        "columns": [
            {"name": c.name, "word": words[c.name], "values": np.ravel(program.given[c.symbol])}
            for c in loss.columns
            if c.name in words
        ],
        "constants": [
            {"name": c.name, "word": words[c.name], "value": _flat(program.given[c.symbol])}
            for c in loss.constants
            if c.name in words
        ],
        "sizes": {word: None if axis.rows else program.sizes[axis] for word, axis in made.sizes.items()},
        "rows": loss.rows or 0,
        "picture": _picture(program, made),
        "start": start,
        "minimum": minimum,
        "rate": rate,
        "optimizer": optimizer,
        "numeric": numeric,
    })  # fmt: skip
    return found


def _flat(value: Any) -> Any:
    return np.ravel(value) if np.ndim(value) else float(value)


def _picture(program: Program, made: Script) -> dict[str, str] | None:
    """The two columns of the picture of the data, where the loss is one of a model over one column."""
    found = pictured(program)
    if found is None or not made.predicts:
        return None
    x, y = found
    labels = [_label(program, name) for name in found]
    return {"x": x, "y": y, "x_label": labels[0], "y_label": labels[1]}


def _label(program: Program, name: str) -> str:
    header = str(program.loss.headers.get(name, (name,))[0])
    return name if header == name else f"{name} ({header})"


def bench(program: Program, start: Any = None, **more: Any) -> tuple[dict[str, Any], str]:
    """The document and the code of a bench; `start` as for a descent, the rest as for `spec`."""
    from symcalc.descent.start import start_of

    vector, _ = start_of(program, start)
    made = script(program.gradient_equations)
    return spec(program, made, vector, **more), code(made)
