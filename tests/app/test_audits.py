"""`symcalc check --code` and `--claims`: somebody's gradient code, somebody's printed numbers."""

from __future__ import annotations

import json
import textwrap

import pytest

LINE = "mean((y - (m*x + b))^2)"
CODE = """
import os
import time

import numpy as np


def tuple_of_two(m, b, x, y):
    r = y - (m*x + b)
    return -2*np.mean(x*r), -2*np.mean(r)

def dict_by_name(**names):
    dm, db = tuple_of_two(**names)
    return {"b": db, "m": dm}

def value_and_gradient(m, b, x, y):
    return np.mean((y - (m*x + b))**2), np.array(tuple_of_two(m, b, x, y))

def one_array(m, b, x, y):
    print("noise on standard output")
    return np.array(tuple_of_two(m, b, x, y))

def single_precision(m, b, x, y):
    return np.float32(tuple_of_two(m, b, x, y))

def sums(m, b, x, y):
    return tuple(len(x)*np.array(tuple_of_two(m, b, x, y)))

def swapped(m, b, x, y):
    return tuple_of_two(m, b, x, y)[::-1]

def precedence(m, b, x, y):
    r = y - m*x + b
    return -2*np.mean(x*r), 2*np.mean(r)

def forward(m, b, x, y, h=1e-4):
    f = lambda m, b: np.mean((y - (m*x + b))**2)
    return (f(m + h, b) - f(m, b))/h, (f(m, b + h) - f(m, b))/h

def not_a_number(m, b, x, y):
    return np.nan, tuple_of_two(m, b, x, y)[1]

def wrong_value(m, b, x, y):
    return np.sum((y - (m*x + b))**2), np.array(tuple_of_two(m, b, x, y))

def crashes(m, b, x, y):
    os.abort()

def hangs(m, b, x, y):
    time.sleep(60)

def divides(m, b, x, y):
    return 1/0

def other_names(m, c):
    return m

def leaves(m, b, x, y):
    raise SystemExit(3)

def words(m, b, x, y):
    return "hello"

def three(m, b, x, y):
    return 1.0, 2.0, 3.0, 4.0

def ridge(w, X, y, lam):
    return -2*X.T@(y - X@w)/len(y) + 2*lam*w

def logistic(predt, dtrain):
    p = 1/(1 + np.exp(-predt))
    return p - dtrain.get_label(), p*(1 - p)

def logistic_without_curvature(predt, dtrain):
    p = 1/(1 + np.exp(-predt))
    return p - dtrain.get_label(), np.ones(len(p))

def logistic_turned(predt, dtrain):
    p = 1/(1 + np.exp(-predt))
    return dtrain.get_label() - p, p*(1 - p)
"""


@pytest.fixture
def slopes(tmp_path):
    path = tmp_path / "slopes.py"
    path.write_text(textwrap.dedent(CODE), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "function", ["tuple_of_two", "dict_by_name", "value_and_gradient", "one_array", "single_precision"]
)
@pytest.mark.parametrize("formula", [LINE, "movies"])
def test_right_code_is_accepted_whatever_it_gives_back(run, slopes, function, formula):
    ran = run("check", formula, "--code", f"{slopes}:{function}")

    assert (ran.code, ran.out.split()[0]) == (0, "correct")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("sums", "Lost 1/n"),
        ("swapped", "Wrong variable"),
        ("precedence", "Precedence"),
        ("forward", "forward difference of the loss with h = 0.0001"),
        ("not_a_number", "has no value (nan)"),
        ("wrong_value", "That is n times L: a sum for a mean"),
    ],
)
def test_wrong_code_is_told_what_it_does(run, slopes, function, said):
    ran = run("check", LINE, "--code", f"{slopes}:{function}", "--json")
    found = json.loads(ran.out)

    assert ran.code == 1
    assert list(found) == ["verdict", "diagnosis", "right", "counterexample"]
    assert said in found["diagnosis"]
    assert set(found["counterexample"]["point"]) == {"m", "b", "x", "y"}


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("crashes", "crashes of"),
        ("hangs", "took longer than 1 seconds; raise --time-limit."),
        ("divides", "with ZeroDivisionError: division by zero."),
        ("other_names", "other_names takes c, which the formula does not have; it has m, b, y, x."),
        ("leaves", "ended the program with exit code 3."),
        ("words", "It gives back str, not numbers."),
        ("three", "4 values came back for 2 parameters (m, b)."),
        ("nowhere", "has no function nowhere; it has tuple_of_two"),
    ],
)
def test_code_that_fails_is_one_sentence(run, slopes, function, said):
    ran = run("check", LINE, "--code", f"{slopes}:{function}", "--time-limit", "1" if function == "hangs" else "60")

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_arrays_constants_and_points(run, slopes):
    words = ("check", "mean((y - X@w)^2) + lam*sum(w^2)", "--set", "lam=0.1", "--code", f"{slopes}:ridge")
    at = run("check", "movies", "--code", f"{slopes}:forward", "--at", "m=1.4,b=100")

    assert run(*words).code == 0
    assert "At m = 1.4, b = 100" in " ".join(at.out.split())


@pytest.mark.parametrize(
    ("function", "code", "said"),
    [
        ("logistic", 0, "correct"),
        ("logistic_without_curvature", 1, "The gradient is right. The hessian is off"),
        ("logistic_turned", 1, "Sign."),
    ],
)
def test_an_objective_for_boosted_trees(run, slopes, tmp_path, function, code, said):
    table = tmp_path / "t.csv"
    table.write_text("p,y\n0.5,1\n-1,0\n2,1\n", encoding="utf-8")
    ran = run("check", "log(1 + exp(p)) - y*p", "--wrt", "p", "--style", "xgboost", "--code", f"{slopes}:{function}",
              "--data", str(table))  # fmt: skip

    assert ran.code == code
    assert said in " ".join(ran.out.split())


def test_tensors_need_their_package(run, slopes):
    ran = run("check", LINE, "--style", "torch", "--code", f"{slopes}:tuple_of_two")

    try:
        import torch  # noqa: F401
    except ImportError:
        assert (ran.code, ran.out) == (2, "")
        assert "needs PyTorch: pip install torch" in ran.err
    else:
        assert ran.out


TORCH = """
import numpy as np

float64 = "float64"

class Tensor:
    def __init__(self, value, learned):
        self.value, self.requires_grad, self.grad, self.grad_fn, self.ndim = value, learned, None, None, np.ndim(value)
    def detach(self):
        return self
    def cpu(self):
        return self
    def numpy(self):
        return np.asarray(self.value)
    def __float__(self):
        return float(self.value)

def tensor(value, dtype=None, requires_grad=False):
    return Tensor(np.asarray(value, dtype=dtype), requires_grad)
"""
TENSORS = """
import numpy as np
import torch

def slopes_of(m, b, x, y):
    r = y.value - (m.value*x.value + b.value)
    return -2*np.mean(x.value*r), -2*np.mean(r)

def tensors(m, b, x, y):
    return tuple(torch.tensor(s) for s in slopes_of(m, b, x, y))

def loss(m, b, x, y):
    class Loss(torch.Tensor):
        grad_fn = property(lambda self: "mean", lambda self, value: None)
        def backward(self):
            for one, slope in zip((m, b), slopes_of(m, b, x, y)):
                assert one.requires_grad and not x.requires_grad
                one.grad = torch.tensor(slope)
    return Loss(np.mean((y.value - (m.value*x.value + b.value))**2), False)
"""


@pytest.mark.parametrize("function", ["tensors", "loss"])
def test_the_calling_convention_of_tensors(run, tmp_path, function):
    # A stand-in for the package, with just what the convention uses.
    (tmp_path / "torch.py").write_text(TORCH, encoding="utf-8")
    (tmp_path / "slopes.py").write_text(TENSORS, encoding="utf-8")
    ran = run("check", LINE, "--style", "torch", "--code", f"{tmp_path / 'slopes.py'}:{function}")

    assert (ran.code, ran.out.split()[:1]) == (0, ["correct"]), ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("m,b,speed\n1,2,3\n", "the column speed is neither a parameter (b, m) nor a claim"),
        ("m,dL/dm\n1,2\n", "row 1: b has no value"),
        ("m,b,dL/dm\n1,2,many\n", "row 1, column dL/dm: 'many' is no number."),
        ("m,b\n1,2\n", "claims nothing"),
        ("m,b,loss\n1,2\n", "row 1: 2 cells, but the header has 3."),
        ("m,m,loss\n1,2,3\n", "has a header twice"),
        ("m,b,loss\n", "needs a header line and rows"),
    ],
)
def test_claims_that_cannot_be_read_say_where(run, tmp_path, text, said):
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    ran = run("check", "movies", "--claims", str(path))

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_one_thing_is_checked_at_a_time(run, slopes):
    both = run("check", LINE, "--wrt", "m", "--answer", "1", "--code", f"{slopes}:sums")
    point = run("check", LINE, "--wrt", "m", "--answer", "1", "--at", "m=1,b=2")

    assert "Write one of --answer" in both.err
    assert "--at says where --code is called" in point.err
