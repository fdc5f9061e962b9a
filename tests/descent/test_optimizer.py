"""Claims about rules: typed by the user, or rows of the catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from numeric.hand_written import bowl, rosenbrock

from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.descent.loop import descend
from symcalc.descent.optimizer import optimizer_named
from symcalc.errors import FormulaError, InputError

START = {"w": [3.0, -0.4]}


def walk(rule, steps, **options):
    trace = descend(bowl(), START, rule, steps=steps, **options)
    return trace.point["w"].tolist()


def test_state_is_what_is_read_before_it_is_set():
    states = {name: optimizer_named(name).states for name in OPTIMIZERS}

    assert states == {
        "gradient-descent": (), "momentum": ("velocity",), "nesterov": ("velocity",), "adagrad": ("total",),
        "rmsprop": ("average",), "adam": ("m1", "m2"), "adamw": ("m1", "m2"),
    }  # fmt: skip


def test_a_rule_can_be_typed():
    assert [2.7, -0.1] == pytest.approx(walk("point = point - 0.1*gradient/abs(gradient)", 3))


def test_a_rule_can_name_its_steps():
    assert [3 * 0.75**2, -0.4 * 0.75**2] == pytest.approx(
        walk("half = learning_rate/2; point = point - half*gradient", 2, learning_rate=0.5)
    )


def test_a_rule_can_take_constants():
    rule = "velocity = decay*velocity + gradient; point = point - 0.1*velocity"

    assert walk(rule, 5, constants={"decay": 0.9}) == pytest.approx(walk("momentum", 5, learning_rate=0.1))


def test_a_rules_constants_can_be_changed():
    assert walk("momentum", 5, learning_rate=0.1, constants={"decay": 0}) == pytest.approx(
        walk("gradient-descent", 5, learning_rate=0.1)
    )


def test_t_is_1_on_the_first_step():
    assert [3 - 1 - 1 / 2 - 1 / 3, -0.4 - 1 - 1 / 2 - 1 / 3] == pytest.approx(walk("point = point - 1/t", 3))


def test_lines_run_top_to_bottom():
    # The second line sees the point that the first one made.
    assert [3 * 0.25, -0.4 * 0.25] == pytest.approx(walk("point = point/2; point = point/2", 1))


def test_a_state_set_after_it_was_used_serves_the_next_step():
    # The slope of the step before moves the point: the first step stands still.
    assert [3 - 1.5, -0.4 + 0.2] == pytest.approx(walk("point = point - 0.5*late; late = gradient", 2))


def test_a_state_without_a_vector_in_it_is_one_number_for_all_entries():
    assert [3 - 0.5, -0.4 - 0.5] == pytest.approx(walk("point = point - pace/2; pace = 1", 2))


def test_clipping_is_a_rule():
    assert [3 - 0.2, -0.4 + 0.04] == pytest.approx(
        walk("point = point - 0.1*max(min(gradient, 2), -2)", 1)
    )  # fmt: skip


def test_a_tower_of_powers_is_only_a_number():
    with np.errstate(all="ignore"):
        assert walk("point = point + 0*gradient - 9^9^9^9", 1) == [-np.inf, -np.inf]


def test_a_rule_without_learning_rate_sets_its_own_pace():
    trace = descend(bowl(), START, "point = point - 0.5*gradient", learning_rate=3, steps=2)

    assert trace.learning_rate is None
    assert "The rule sets its own pace: it does not use learning_rate." in trace.notes


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("step = 0.1*gradient", "never sets point"),
        ("gradient = 0*gradient; point = point - gradient", "gradient is given"),
        ("learning_rate = 1; point = point - gradient", "learning_rate is given"),
        ("t = 1; point = point - gradient", "t is given"),
        ("point = point - rate*gradient", "rate has no value in this rule"),
        ("point = point - gradeint", "Did you mean gradient"),
        ("point = point - sum(gradient)", "works entry by entry; sum does not"),
        ("point = point - gradient@gradient", "works entry by entry"),
        ("point = point - exq(gradient)", "Unknown function"),
        ("point = point - exp(gradient, 2)", "exp takes u"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule, sentence):
    with pytest.raises(FormulaError, match=sentence):
        optimizer_named(rule)


def test_a_fault_in_a_rule_has_its_place():
    with pytest.raises(FormulaError) as caught:
        optimizer_named("point = point - rate*gradient")

    assert (1, 17, 4) == (caught.value.line, caught.value.column, caught.value.length)


@pytest.mark.parametrize("value", ["much", float("nan"), float("inf")])
def test_a_constant_must_be_a_finite_number(value):
    with pytest.raises(InputError, match="must be a finite number"):
        optimizer_named("momentum", {"decay": value})


def test_an_unknown_optimizer_lists_the_known_ones():
    with pytest.raises(InputError, match=r"There are gradient-descent, momentum, .* or type a rule"):
        descend(rosenbrock(), optimizer="newton's")
