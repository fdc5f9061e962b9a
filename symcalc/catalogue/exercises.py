"""What exercises are made of: skeletons of losses, level by level, with slots that are filled at random.

    "mean({phi})"   with   phi: "(y - {line})^2"   and   line: "m*x + {b}"   makes   mean((y - (m*x + 3))^2)

A slot in braces is a number (a, b, p), a sign (s) or another list of parts. Adding an exercise is adding a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Skeleton:
    """One kind of exercise.

    Attributes:
        formula: The loss, with slots.
        asks: The parameters one may be asked for the slope in.
        parameters: Parameter → shape, where they are not inferred.
        constants: Constant → value; held, and printed by name.
    """

    formula: str
    asks: tuple[str, ...]
    parameters: Mapping[str, tuple[int, ...]] | None = None
    constants: Mapping[str, float] = field(default_factory=dict)


# Slots that are numbers, and what they may be.
NUMBERS: dict[str, tuple[int, ...]] = {
    "a": (2, 3, 4, 5, 6, 7, 8, 9), "b": (1, 2, 3, 4, 5, 6, 7, 8, 9), "p": (2, 3, 4, 5, 6), "q": (2, 3, 4),
}  # fmt: skip

PARTS: dict[str, tuple[str, ...]] = {
    "s": ("+", "-"),
    "f": ("sin", "cos", "exp", "tanh", "sigmoid"),
    "g": ("sin", "cos", "exp", "sinh"),
    "inner": ("{a}*x {s} {b}", "x^{q} + {b}", "{a}*x^2", "x^2 {s} {a}*x", "{b} - {a}*x"),
    "positive": ("x^2 + {b}", "{a}*x^2 + {b}", "exp(x) + {b}"),
    "model": ("m*x", "m*x + {b}", "m*x^2", "exp(m*x)", "{a}*exp(-m*x)", "m*sin(x)", "sin(m*x)", "{a}/(1 + m^2*x^2)"),
    "line": ("m*x + b", "b + m*x", "m*x^2 + b", "m*exp(-b*x)", "m/(1 + exp(-b*x))", "m*sin(b*x)", "m*x + b*x^2"),
    "phi": ("({model} - y)^2", "(y - ({model}))^2", "(y - ({model}))^4", "(y - ({model}))^2/2", "log(1 + (y - ({model}))^2)"),
    "reduced": ("mean", "mean", "sum"),
    "penalty": ("lam*m^2", "lam*(m^2 + b^2)", "lam*b^2/2"),
}  # fmt: skip

LEVELS: dict[int, tuple[Skeleton, ...]] = {
    1: tuple(
        Skeleton(formula, ("x",), {"x": ()})
        for formula in (
            "{a}*x^{p} {s} {b}", "{a}*x^{p} {s} {b}*x", "{a}*{f}(x)", "{a}/x^{p}", "{a}*sqrt(x)", "{a}*log(x)", "{a}^x",
            "{f}(x) {s} {a}*x^{p}", "-{a}*x^{p}", "{a}/x {s} {b}*x",
        )
    ),
    2: tuple(
        Skeleton(formula, ("x",), {"x": ()})
        for formula in (
            "{f}({inner})", "{a}*{f}({inner})", "({inner})^{p}", "x^{q}*{f}(x)", "x*{f}({inner})", "log({positive})",
            "sqrt({positive})", "{f}(x)^{q}", "({a}*x {s} {b})/({positive})", "{f}(x)/({positive})", "{a}/({positive})",
            "x^{q}/({positive})", "{f}(x)*{g}({a}*x)", "exp(-x^2/{a})", "{f}({g}(x))", "{a}^({inner})",
        )
    ),
    3: (
        Skeleton("{reduced}({phi})", ("m",)),
        Skeleton("mean(log(1 + exp(-y*m*x)))", ("m",)),
        Skeleton("mean(exp(m*x) - y*m*x)", ("m",)),
        Skeleton("{reduced}({phi})/{a}", ("m",)),
    ),
    4: (
        Skeleton("{reduced}((y - ({line}))^2)", ("m", "b")),
        Skeleton("yhat = {line}; mean((y - yhat)^2)", ("m", "b")),
        Skeleton("{reduced}((y - ({line}))^2) + {penalty}", ("m", "b"), constants={"lam": 0.1}),
        Skeleton("p = 1/(1 + exp(-(m*x + b))); -mean(y*log(p) + (1 - y)*log(1 - p))", ("m", "b")),
        Skeleton("p = sigmoid(m*x + b); mean((y - p)^2)", ("m", "b")),
        Skeleton("mean(log(1 + exp(-y*(m*x + b)))) + lam*m^2", ("m", "b"), constants={"lam": 0.1}),
        Skeleton("sqrt(mean((y - (m*x + b))^2))", ("m", "b")),
        Skeleton("mean(exp(m*x + b) - y*(m*x + b))", ("m", "b")),
    ),
    5: (
        Skeleton("mean((y - X@w)^2)", ("w",)),
        Skeleton("mean((y - X@w)^2) + lam*sum(w^2)", ("w",), constants={"lam": 0.1}),
        Skeleton("mean(log(1 + exp(-y*(X@w))))", ("w",)),
        Skeleton("w@A@w", ("w", "A"), {"w": (3,), "A": (3, 3)}),
        Skeleton("sum((A@w - c)^2)", ("w", "A", "c"), {"w": (3,), "A": (4, 3), "c": (4,)}),
        Skeleton("norm(A@w)^2/{a}", ("w", "A"), {"w": (3,), "A": (4, 3)}),
        Skeleton("sum({f}(A@w))", ("w", "A"), {"w": (3,), "A": (4, 3)}),
        Skeleton("trace(A.T@A)/{a}", ("A",), {"A": (3, 3)}),
        Skeleton("mean(abs(y - (m*x + b)))", ("m", "b")),
        Skeleton("mean(relu(m*x - {b}))", ("m",)),
        Skeleton("mean(max(1 - y*(m*x + b), 0))", ("m", "b")),
        Skeleton("mean((y - m*x)^2) + lam*abs(m)", ("m",), constants={"lam": 0.1}),
        Skeleton("sum(abs(A@w - c))", ("w",), {"w": (3,), "A": (4, 3), "c": (4,)}),
    ),
}  # fmt: skip
