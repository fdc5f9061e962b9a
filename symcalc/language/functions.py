"""SymPy functions of symcalc's own: those whose derivative at a kink SymPy gets wrong or leaves open.

They never simplify by themselves, and their derivatives hold no Heaviside, DiracDelta or Subs.
At a kink the derivative takes a stated value: by default the subgradient of least norm, so 0 for
|u| and relu(u), and equal shares for a tie of two varying arguments.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import hypot


class Elementwise(sp.Function):  # type: ignore[misc]
    """A function that acts on each entry and stays as written."""

    _diff_wrt = False

    def _eval_is_real(self) -> bool:
        return True

    def fdiff(self, argindex: int = 1) -> Any:
        """∂self/∂argument; 0 unless the function says otherwise."""
        return sp.S.Zero


class Sign(Elementwise):
    """-1, 0 or 1; its derivative is 0, also at 0 where it jumps."""

    nargs = (1,)


class SignAt(Elementwise):
    """The sign of u where u is not 0, and a stated value where it is: SignAt(u, value)."""

    nargs = (2,)


class Absolute(Elementwise):
    """|u|; its derivative at 0 is 0, the subgradient of least norm."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return Sign(self.args[0])


class Above(Elementwise):
    """1 where a > b, 0 where a < b, and `tie` where a = b: Above(a, b, tie)."""

    nargs = (3,)


class Relu(Elementwise):
    """max(u, 0); its derivative at 0 is 0, the subgradient of least norm."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return Above(self.args[0], 0, 0)


def _tie(a: Any, b: Any) -> Any:
    # Against a constant only one side varies and its subgradients span [0, 1]: least norm is 0.
    return sp.S.Zero if a.is_number or b.is_number else sp.S.Half


class Maximum(Elementwise):
    """The larger of two, entry by entry; a tie of two varying arguments shares the slope equally."""

    nargs = (2,)

    def fdiff(self, argindex: int = 1) -> Any:
        a, b = self.args if argindex == 1 else self.args[::-1]
        return Above(a, b, _tie(a, b))


class Minimum(Elementwise):
    """The smaller of two, entry by entry; a tie of two varying arguments shares the slope equally."""

    nargs = (2,)

    def fdiff(self, argindex: int = 1) -> Any:
        a, b = self.args if argindex == 1 else self.args[::-1]
        return Above(b, a, _tie(a, b))


class Less(Elementwise):
    """The condition a < b, as the first argument of Where."""

    nargs = (2,)


class LessEqual(Elementwise):
    """The condition a <= b, as the first argument of Where."""

    nargs = (2,)


class Same(Elementwise):
    """The condition a = b: 1 where it holds, else 0."""

    nargs = (2,)


class Differs(Elementwise):
    """The condition a != b: 1 where it holds, else 0."""

    nargs = (2,)


class Where(Elementwise):
    """`then` where the condition holds, `otherwise` elsewhere; the condition itself has no slope."""

    nargs = (3,)

    def fdiff(self, argindex: int = 1) -> Any:
        if argindex == 1:
            return sp.S.Zero
        chosen = (1, 0) if argindex == 2 else (0, 1)
        return Where(self.args[0], *map(sp.Integer, chosen))


class Masked(Elementwise):
    """slope·factor, but 0 where the slope is 0, even if the factor is infinite there.

    A branch of `where` that was not taken passes slope 0 to what it was made of; 0·inf must stay 0.
    """

    nargs = (2,)

    def fdiff(self, argindex: int = 1) -> Any:
        slope, factor = self.args
        return factor if argindex == 1 else slope


class Sigmoid(Elementwise):
    """1/(1 + exp(-u)), without overflow; its derivative is s·(1 - s)."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return LogisticSlope(self, self.args[0])


class LogisticSlope(Elementwise):
    """s·(1 - s) for s = sigmoid(u): LogisticSlope(s, u), where 1 - s keeps its digits for large u.

    It depends on u alone; s is the value that is at hand already, which the printed form goes through.
    """

    nargs = (2,)

    @staticmethod
    def plain(s: Any, u: Any) -> Any:
        return s * (1 - s)

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.S.Zero if argindex == 1 else self * (1 - 2 * self.args[0])


class tanh(Elementwise):
    """The hyperbolic tangent, whose derivative 1 - h² keeps its digits in the tails."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return TanhSlope(self, self.args[0])


class TanhSlope(Elementwise):
    """1 - h² for h = tanh(u): TanhSlope(h, u); it depends on u alone, h is the value at hand already."""

    nargs = (2,)

    @staticmethod
    def plain(h: Any, u: Any) -> Any:
        return 1 - h**2

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.S.Zero if argindex == 1 else -2 * self.args[0] * self


class asinh(Elementwise):
    """The inverse hyperbolic sine, whose derivative does not overflow on the way to a small number."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / hypot(1, self.args[0])


class Softplus(Elementwise):
    """log(1 + exp(u)), without overflow; its derivative is the sigmoid."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return Sigmoid(self.args[0])


class CubeRoot(Elementwise):
    """The real cube root, also of negative numbers; its derivative is 1/(3·v²)."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (3 * self**2)


KINKED = (Absolute, Relu, Maximum, Minimum, Sign, Where)
