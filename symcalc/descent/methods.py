"""Every way of descending by its name: which view, pace and landing make it.

method = method_for(program, optimizer_named("newton"), learning_rate=None, settings=Settings())
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from symcalc.compute.batches import Batches
from symcalc.compute.program import Program
from symcalc.descent.directions import GaussNewton, Newton, Remembered
from symcalc.descent.least_squares import LevenbergMarquardt
from symcalc.descent.limits import Bounds, Constraints, bounds_of, constraints_of
from symcalc.descent.method import Method, Pace, Plain, RuleMethod, View
from symcalc.descent.optimizer import Optimizer, compiled_rule
from symcalc.descent.rates import Backtracking, Fixed, Scheduled, Wolfe
from symcalc.descent.schedule import schedule_named
from symcalc.descent.sights import Coordinate, OfBatch, OfLoss, Smooth
from symcalc.descent.trust_region import TrustRegion
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable

Limits = Bounds | Constraints | None

VIEWS: Mapping[str, Callable[[Differentiable, Optimizer, Limits], View]] = {
    "coordinate-descent": lambda program, rule, land: Coordinate(program),
    "polyak": lambda program, rule, land: OfLoss(),
    "proximal-gradient": lambda program, rule, land: Smooth(program),
    "newton": lambda program, rule, land: Newton(program, land),
    "gauss-newton": lambda program, rule, land: GaussNewton(program, land),
    "l-bfgs": lambda program, rule, land: Remembered(rule.constants["memory"], land),
}
TRUSTED: Mapping[str, Callable[[Differentiable, Optimizer, Limits], Method]] = {
    "levenberg-marquardt": LevenbergMarquardt,
    "trust-region": TrustRegion,
}
BATCH = 32
SEARCHES = ("armijo", "wolfe")


@dataclass(frozen=True)
class Settings:
    """What a descent is told besides its optimizer and its learning rate.

    Attributes:
        batch_size: Rows that each step looks at; None for all.
        seed: Of the shuffling of batches.
        schedule: A name of the catalogue, or the learning rate as a formula of t; None for a constant one.
        steps: How many steps the run was first asked for; schedules go by it.
        bounds: Parameter name → (low, high).
        constraints: Linear constraints as text.
        line_search: armijo or wolfe; None for what the optimizer does by itself.
    """

    batch_size: int | None = None
    seed: int = 0
    schedule: str | None = None
    steps: int = 100
    bounds: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    line_search: str | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing was asked for."""
        return replace(self, seed=0, steps=100) == Settings()


def method_for(
    program: Differentiable, rule: Optimizer, rate: float | None, settings: Settings
) -> tuple[Method, tuple[str, ...]]:
    """A rule made ready to walk, and what to say about how long its steps are.

    Args:
        program: The compiled loss.
        rule: The optimizer, as `optimizer_named` gives it.
        rate: The learning rate asked for, or None.
        settings: What else was asked for.

    Raises:
        InputError: Something asked for does not go together.
    """
    rule, land = _limited(program, rule, settings)
    if rule.name in TRUSTED:
        _refuse(rule, settings)
        if settings.constraints:
            raise InputError(f"{rule.name} keeps bounds only: walk by newton or gauss-newton within constraints.")
        return TRUSTED[rule.name](program, rule, land), () if rate is None else (_OWN_PACE,)
    view = VIEWS[rule.name](program, rule, land) if rule.name in VIEWS else Plain()
    notes: tuple[str, ...] = ()
    batch_size = settings.batch_size if settings.batch_size is not None else BATCH if rule.name == "sgd" else None
    batches = 1
    if batch_size is not None:
        view = _batched(program, rule, batch_size, settings)
        batches = view.batches.count
        notes = (
            f"L_B is the loss of a batch: each step follows the slopes of {view.batches.size} of {view.batches.rows} rows (seed {settings.seed}, "
            f"{batches} steps an epoch); loss, slopes and changes shown are those of all rows.",
        )
    pace, said = _pace(program, rule, rate, settings, batches)
    return RuleMethod(rule, view, pace, land), (*notes, *said)


_OWN_PACE = "The rule sets its own pace: it does not use learning_rate."


def _batched(program: Differentiable, rule: Optimizer, size: int, settings: Settings) -> OfBatch:
    if rule.name in VIEWS:
        raise InputError(f"{rule.name} looks at all rows: leave the batch size out, or walk by sgd or adam.")
    if not isinstance(program, Program):
        raise InputError("Batches need the formula of the loss and its data.")
    return OfBatch(Batches(program, int(size), int(settings.seed)))


def _limited(program: Differentiable, rule: Optimizer, settings: Settings) -> tuple[Optimizer, Limits]:
    """The rule with the lines that keep it within its limits."""
    if settings.bounds and settings.constraints:
        raise InputError("Give bounds or constraints, not both: a bound is a constraint too, such as 'a >= 0'.")
    if not settings.bounds and not settings.constraints:
        return rule, None
    if rule.name == "proximal-gradient":
        raise InputError("proximal-gradient already leads its points: leave bounds and constraints out.")
    land: Bounds | Constraints = (
        bounds_of(settings.bounds, program.layout)
        if settings.bounds
        else constraints_of(settings.constraints, program.layout)
    )
    if rule.formula.endswith(land.lines):
        return rule, land
    given = (*rule.given, *land.names)
    made = compiled_rule(
        rule.name, rule.formula + land.lines, rule.about, rule.constants, rule.learning_rate, given
    )  # fmt: skip
    return made, land


def _pace(
    program: Differentiable, rule: Optimizer, rate: float | None, settings: Settings, batches: int
) -> tuple[Pace, tuple[str, ...]]:
    """How long steps are, and what to say about it."""
    directed = rule.name in VIEWS and "direction" in rule.given
    if settings.line_search is not None:
        if settings.line_search not in SEARCHES:
            raise InputError(f"There is no line search {settings.line_search!r}; there are {', '.join(SEARCHES)}.")
        if rate is not None or settings.schedule is not None:
            raise InputError("A line search finds the learning rate of every step: leave the rate and schedule out.")
        if not rule.uses_learning_rate or batches > 1:
            raise InputError(f"{rule.name} has no use for a line search here: leave it out.")
        note = f"Every step's learning rate is found by a line search ({settings.line_search})."
        return Wolfe(program) if settings.line_search == "wolfe" else Backtracking(program, directed), (note,)
    if not rule.uses_learning_rate:
        if settings.schedule is not None:
            raise InputError(f"{rule.name} does not use learning_rate: leave the schedule out.")
        return Fixed(1.0), (_OWN_PACE,)
    if settings.schedule is not None:
        given = rule.learning_rate if rate is None else rate
        schedule = schedule_named(settings.schedule, given, settings.steps, batches)
        told = ", ".join(f"{k} = {v:g}" for k, v in schedule.names.items() if k in schedule.formula)
        return Scheduled(schedule), (f"The learning rate follows {schedule.formula}{' with ' if told else ''}{told}.",)
    if rate is not None:
        return Fixed(rate), ()
    if rule.learning_rate is not None:
        note = f"The learning rate is {rule.learning_rate:g}, the default of {rule.name}."
        return Fixed(rule.learning_rate), (note,)
    if batches > 1:
        raise InputError(f"{rule.name} on batches needs a learning rate: the slopes of a few rows cannot be searched.")
    note = "No learning rate was given: every step tries 1 and halves it until the loss falls enough."
    if rule.states:
        note += " A step that would climb is not taken."
    return Backtracking(program, directed), (note,)


def _refuse(rule: Optimizer, settings: Settings) -> None:
    for name, asked in (
        ("batch size", settings.batch_size), ("schedule", settings.schedule), ("line search", settings.line_search)
    ):  # fmt: skip
        if asked is not None:
            raise InputError(f"{rule.name} sets its own pace over all rows: leave the {name} out.")


def settings_of(document: Mapping[str, Any]) -> Settings:
    """Settings as a run file has them."""
    bounds = {name: (low, high) for name, (low, high) in document.get("bounds", {}).items()}
    return Settings(
        document.get("batch_size"), int(document.get("seed", 0)), document.get("schedule"),
        int(document.get("steps", 100)), bounds, tuple(document.get("constraints", ())), document.get("line_search"),
    )  # fmt: skip
