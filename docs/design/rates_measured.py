"""The best constant rate and backtracking on four quadratics: what is left of the loss above its minimum."""

from __future__ import annotations

import numpy as np

import symcalc as sc

CASES = {
    "movies, standardized": ("z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)", "movies"),
    "steplab": ("mean((y - (m*x + b))^2)", "steplab"),
    "houses": ("X = [area, rooms, age, distance]; mean((price - X@w - b)^2)", "houses"),
    "movies": ("mean((y - (m*x + b))^2)", "movies"),
}


def main() -> None:
    """Prints one line for each case."""
    print(f"{'loss':<22}{'condition':>10}  {'steps':>5}  {'best constant':>13}  {'backtracking':>12}")
    for name, (text, data) in CASES.items():
        program = sc.compile(sc.differentiate(sc.parse(text, data)))
        start = np.zeros(program.layout.total)
        found = sc.step_sizes(program, start)
        backtracking = "point = point - learning_rate*gradient"
        for steps in (100, 1000):
            constant = sc.descend(program, start, learning_rate=found.best, steps=steps).loss
            halving = sc.descend(program, start, backtracking, steps=steps).loss
            left = [max(loss - found.lowest, 0.0) for loss in (constant, halving)]
            print(f"{name:<22}{found.condition:>10.0f}  {steps:>5}  {left[0]:>13.2g}  {left[1]:>12.2g}")


if __name__ == "__main__":
    main()
