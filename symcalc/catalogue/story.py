"""What a lesson is: a small table and the story of a model that learns it, as rows of text and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symcalc.catalogue.rows import Numbers
from symcalc.catalogue.tables import Columns


@dataclass(frozen=True)
class Lever:
    """One training run of a story: which parameters move, from where, how fast.

    Attributes:
        title: What moves and what is held, as a heading.
        formula: The loss that is walked down.
        held: Parameter name → the value it is held at.
        start: Parameter name → where the descent starts; numbers apply to every entry of an array.
        learning_rate: How far a step goes for each unit of slope.
        steps: How many steps.
        method: The numeric slope shown beside the exact one.
        h: The step of the numeric slope.
        before: Lines to say first.
        after: Lines to say at the end.
    """

    title: str
    formula: str
    start: Numbers
    learning_rate: float
    steps: int
    held: Numbers = field(default_factory=dict)
    method: str = "forward"
    h: float = 0.001
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A table and the story of a model that learns it.

    Attributes:
        name: What a command calls it.
        about: One line.
        columns: Column name → n numbers.
        labels: Column name → what it measures ("x" → "budget").
        source: Where the table comes from.
        model: The model alone, as a definition.
        loss: The whole loss; what the name stands for where a formula is asked for.
        explore: What the table suggests, in a sentence.
        meaning: What the loss says, in a few words.
        levers: The training runs, in order.
        predict: Column name → value of the case to predict at the end.
        predict_words: That case in words.
        predict_name: The definition that is the prediction; None for the one the loss compares with a column.
        predict_label: What is predicted, in words.
        next: Commands worth trying next, each with what it shows.
    """

    name: str
    about: str
    columns: Columns
    labels: Mapping[str, str]
    source: str
    model: str
    loss: str
    explore: str
    meaning: str
    levers: tuple[Lever, ...]
    predict: Numbers
    predict_words: str
    predict_label: str
    predict_name: str | None = None
    next: tuple[tuple[str, str], ...] = ()
