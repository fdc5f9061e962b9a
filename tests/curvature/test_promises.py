"""Sentences of the step-size oracle that promise something keep it as printed, not only before rounding."""

from __future__ import annotations

import re

import numpy as np
import pytest

import symcalc as sc


def bowl(bends):
    """½ Σ bend·w²: its limits are known."""
    return sc.compile(
        sc.differentiate(
            sc.parse("sum(s*w^2)/2", constants={"s": np.array(bends)}, parameters={"w": (len(bends),)})
        )
    )  # fmt: skip


@pytest.mark.parametrize("steep", [7.16199, 3.0, 6.7, 78.962320036848548, 1506.37, 0.7])
def test_a_printed_limit_is_never_above_the_limit(steep):
    found = sc.step_sizes(bowl([steep, steep / 3]), np.ones(2), learning_rate=3 / steep)

    printed = re.match(r"\S+ > (\S+) = 2/λmax", found.verdict)
    remedy = re.match(r"a rate below ([^;\s]+)", found.remedies[0])
    for text in (printed[1], remedy[1]):
        assert 0 <= 2 / steep - float(text) <= 1e-5 * 2 / steep or float(text) == pytest.approx(2 / steep, rel=1e-13)


@pytest.mark.parametrize("gentle", [1e-2, 3.3e-4, 7e-6, 2e-9])
def test_what_a_step_leaves_at_most_is_never_printed_below_what_it_leaves(gentle):
    found = sc.step_sizes(bowl([1, gentle]), np.ones(2), learning_rate=1.0)

    printed = float(re.search(r"leaves at most (\S+) of the error", found.verdict)[1])
    assert 1 - gentle <= printed * (1 + 1e-14)
    assert printed < 1


def test_the_remedy_of_a_run_that_diverged_comes_down():
    # 2/λmax is 0.279252700…, which six digits would round up to a rate that diverges.
    steep = 2 / 0.2792527
    trace = sc.descend(bowl([steep, 1]), np.ones(2), learning_rate=0.4, steps=50)

    rate = float(re.search(r"one below (\S+) comes down", trace.message)[1])
    assert rate == 0.279252
    losses = sc.descend(bowl([steep, 1]), np.ones(2), learning_rate=rate, steps=50).losses
    assert np.all(np.diff(losses) < 0)


@pytest.mark.parametrize(
    ("text", "rate", "said"),
    [
        # log(1 + exp(x)) - x/2 bends by 1/4 at 0, where it is least, and less elsewhere: from 3 the limit is 2/p(1 - p).
        ("log(1 + exp(x)) - x/2", 400.0, "the largest stable one where it started is 44.2706)"),
        # Between its kinks it bends by 2/10, and 2 over that is 10; across them a rate of 9 grows as well.
        ("abs(x - 1) + x^2/10", 40.0, "lower the learning rate (it was 40)."),
    ],
)
def test_no_rate_is_promised_to_come_down_where_the_bend_changes(text, rate, said):
    trace = sc.descend(
        sc.compile(sc.differentiate(sc.parse(text, parameters=["x"]))), {"x": 3}, learning_rate=rate, steps=9
    )

    assert said in trace.message
