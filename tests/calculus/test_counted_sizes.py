"""Claims about slopes that count rows though their loss does not: d/db Σ_i (y[i] - b) = -n."""

from __future__ import annotations

import runpy

import numpy as np
import pytest

import symcalc as sc
from symcalc.app.cli import main

y = np.array([3.0, -1.0, 4.0, 1.5, 9.0])
X = np.arange(15.0).reshape(5, 3)

# Formula, value and slopes at b = 2 by hand, and how the slope is printed.
CASES = {
    "sum(y - b)": (16.5 - 10, -5.0, "-n"),
    "sum(b^2*y) - sum(b)": (4 * 16.5 - 2, 4 * 16.5 - 1, None),
    "sum(y*0 + b^2)": (20.0, 20.0, "2·b·n"),
    "c = b^3; sum(c + y)": (40 + 16.5, 60.0, "3·b^2·n"),
    "sum(X - b)": (105 - 30, -15.0, "-3·n"),
    "u = sum(b*X, axis=0); sum(u[k] + 0*y[i], i, k)": (5 * 210.0, 5 * 105.0, "n·sum(X)"),
}


def gradient(text):
    data = {name: value for name, value in (("y", y), ("X", X)) if name in text}
    return sc.differentiate(sc.parse(text, data=data, parameters=["b"]))


@pytest.mark.parametrize("text", CASES)
def test_value_and_slope_are_those_by_hand(text):
    value, slope, printed = CASES[text]
    found = gradient(text)
    program = sc.compile(found)

    assert program.value_and_gradient({"b": 2.0}) == (pytest.approx(value), {"b": pytest.approx(slope)})
    assert printed in (None, found.text["b"])
    assert found.verdict
    assert float(program.reference({"b": 2.0})[1]["b"]) == slope


def test_a_slope_that_counts_can_be_used_everywhere(tmp_path, capsys):
    table = tmp_path / "y.csv"
    table.write_text("y\n" + "\n".join(map(str, y)) + "\n")
    loss = ["sum(y - b)", "--data", str(table)]
    for command in (
        ["derive", *loss, "--at", "b=2", "--explain", "2"],
        ["derive", *loss, "--at", "b=2", "--pull", "--hessian"],
        ["descend", *loss, "--learning-rate", "0.1", "--steps", "3"],
        ["compare", *loss, "--at", "b=2"],
        ["step-sizes", *loss, "--at", "b=2"],
        ["report", *loss, "-o", str(tmp_path / "page.html")],
        ["plot", "cost-curve", *loss, "-o", str(tmp_path / "curve.png")],
    ):
        code = main(command)
        said = capsys.readouterr()
        assert code == 0 or (command[0] == "descend" and "-0.5" in said.out + said.err), (command, said.err)
        assert "fault of symcalc" not in said.err
    assert main(["derive", *loss, "--to", "numpy"]) == 0
    module = tmp_path / "slope.py"
    module.write_text(capsys.readouterr().out)
    made = runpy.run_path(str(module))["value_and_gradient"](y=y, b=2.0)
    assert (float(made[0]), float(np.ravel(list(made[1].values()) if isinstance(made[1], dict) else made[1])[0])) == (
        6.5,
        -5.0,
    )


def test_rows_in_c_and_moments_count_them_too():
    rng = np.random.default_rng(0)
    many = rng.normal(size=60_000)
    for text in ("sum(abs(y) - b)", "sum(y - b)", "sum(huber(y - m, 1) + b)"):
        program = sc.compile(sc.differentiate(sc.parse(text, data={"y": many})))
        slope = program.value_and_gradient(dict.fromkeys(program.layout.names, 0.0))[1]["b"]
        assert slope == (60_000 if "+ b" in text else -60_000)
