"""What each function of a formula is called in NumPy, and short functions for those NumPy has no word for."""

from __future__ import annotations

from dataclasses import dataclass

NUMPY = {
    "exp": "exp", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "power": "power", "hypot": "hypot", "CubeRoot": "cbrt", "Cbrt": "cbrt", "Sign": "sign", "sign": "sign",
    "Absolute": "abs", "Abs": "abs", "Maximum": "maximum", "Minimum": "minimum", "LogAddExp": "logaddexp",
}  # fmt: skip

# Under their names in scipy.special.
SCIPY = {
    "erf": "erf", "erfc": "erfc", "erfi": "erfi", "gamma": "gamma", "loggamma": "gammaln", "digamma": "digamma",
    "polygamma": "polygamma", "besselj": "jv",
}  # fmt: skip


@dataclass(frozen=True)
class Helper:
    """A short function that printed code defines where it is used.

    Attributes:
        name: What it is called in the code.
        source: Its definition, from `def` on.
    """

    name: str
    source: str

    @property
    def special(self) -> bool:
        """Whether it needs scipy.special."""
        return "special." in self.source


def _short(name: str, arguments: str, about: str, value: str) -> Helper:
    source = f'def {name}({arguments}):\n    """{about}"""\n    return {value}'
    return Helper(name, source)


# The word in an equation → its helper.
HELPERS = {
    "Sigmoid": Helper(
        "sigmoid",
        'def sigmoid(u):\n    """1/(1 + exp(-u)), without overflow."""\n    small = np.exp(-np.abs(u))\n'
        "    return np.where(u >= 0, 1.0, small) / (1.0 + small)",
    ),
    "Softplus": _short("softplus", "u", "log(1 + exp(u)), without overflow.", "np.logaddexp(0.0, u)"),
    "TanhSlope": Helper(
        "tanh_slope",
        'def tanh_slope(u):\n    """1 - tanh(u)**2, with all its digits far out."""\n'
        "    small = np.exp(-2.0 * np.abs(u))\n    return 4.0 * small / (1.0 + small) ** 2",
    ),
    "LogOneMinusExp": _short(
        "log1mexp", "u", "log(1 - exp(u)) for u < 0.",
        "np.where(u > -0.6931, np.log(-np.expm1(u)), np.log1p(-np.exp(u)))",
    ),
    "LogCosh": Helper(
        "log_cosh",
        'def log_cosh(u):\n    """log(cosh(u)), without overflow."""\n    size = np.abs(u)\n'
        "    near = np.log1p(2.0 * np.sinh(np.minimum(size, 1.0) / 2.0) ** 2)\n"
        "    return np.where(size < 1.0, near, size + np.log1p(np.exp(-2.0 * size)) - np.log(2.0))",
    ),
    "LogOnePlusSquare": _short(
        "log1p_square", "u", "log(1 + u**2), without overflow.",
        "np.where(np.abs(u) < 1e150, np.log1p(np.minimum(np.abs(u), 1e150) ** 2), "
        "2.0 * np.log(np.maximum(np.abs(u), 1.0)))",
    ),
    "sech": Helper(
        "sech",
        'def sech(u):\n    """1/cosh(u), without overflow."""\n    small = np.exp(-np.abs(u))\n'
        "    return 2.0 * small / (1.0 + small**2)",
    ),
    "RootLessOne": _short("root_less_one", "u", "sqrt(1 + u**2) - 1, exact near 0.", "u * (u / (1.0 + np.hypot(1.0, u)))"),
    "SqrtLessOne": _short("sqrt_less_one", "u", "sqrt(1 + u) - 1, exact near 0.", "u / (1.0 + np.sqrt(1.0 + u))"),
    "OneMinusCos": _short("one_minus_cos", "u", "1 - cos(u), exact near 0.", "2.0 * np.sin(u / 2.0) ** 2"),
    "CoshLessOne": _short("cosh_less_one", "u", "cosh(u) - 1, exact near 0.", "2.0 * np.sinh(u / 2.0) ** 2"),
    "TimesLog": _short("xlogx", "u", "u*log(u), and 0 at 0.", "u * np.log(np.where(u == 0, 1.0, u))"),
    "TimesLogRatio": _short(
        "xlogx_over", "u, w", "u*log(u/w), and 0 at u = 0.", "u * np.log(np.where(u == 0, 1.0, u / w))"
    ),
    "NormalDensity": _short(
        "normal_density", "u", "exp(-u**2/2)/sqrt(2*pi).", "np.exp(-(u**2) / 2.0) / np.sqrt(2.0 * np.pi)"
    ),
    "NormalCdf": _short(
        "normal_cdf", "u", "The share of a normal distribution below u.", "special.ndtr(u)"
    ),
    "PowerRatio": Helper(
        "power_ratio",
        'def power_ratio(u, c, a, n, k):\n    """c*u**a/(1 + u**n)**k, without overflow."""\n'
        "    far = np.abs(u) > 1e3\n    near, outer = np.where(far, 1.0, u), np.where(far, u, 1.0)\n"
        "    tail = c * outer ** float(a - n * k) / (1.0 + outer ** float(-n)) ** k\n"
        "    return np.where(far, tail, c * near**a / (1.0 + near**n) ** k)",
    ),
    "SphericalBessel": Helper(
        "spherical_bessel",
        'def spherical_bessel(k, u):\n    """sin(u)/u for k = 0, and its kin."""\n'
        "    sign = np.where(u < 0, (-1.0) ** k, 1.0)\n    return sign * special.spherical_jn(k, np.abs(u))",
    ),
    "Masked": Helper(
        "masked",
        'def masked(slope, factor):\n    """slope*factor, and 0 where the slope is 0."""\n'
        "    return slope * np.where(slope == 0, 0.0, factor)",
    ),
    "logsumexp": Helper(
        "logsumexp",
        'def logsumexp(a, axis):\n    """log(sum(exp(a))) along axes, without overflow."""\n'
        "    top = np.max(a, axis=axis, keepdims=True)\n"
        "    return np.log(np.sum(np.exp(a - top), axis=axis)) + np.squeeze(top, axis=axis)",
    ),
    "shifted": Helper(
        "shifted",
        'def shifted(a, axis, offset, size):\n    """a at index + offset, for `size` indices along an axis; 0 beyond."""\n'
        "    moved = np.moveaxis(a, axis, 0)\n    out = np.zeros((size, *moved.shape[1:]))\n"
        "    low, high = max(0, -offset), min(size, moved.shape[0] - offset)\n"
        "    out[low:high] = moved[low + offset : high + offset]\n    return np.moveaxis(out, 0, axis)",
    ),
    "Si": _short("sine_integral", "u", "The sine integral.", "special.sici(u)[0]"),
    "Ci": _short("cosine_integral", "u", "The cosine integral.", "special.sici(u)[1]"),
    **{
        word: _short(word, "u", f"1/{inner}(u).", f"1.0 / np.{inner}(u)")
        for word, inner in (("sec", "cos"), ("csc", "sin"), ("cot", "tan"), ("csch", "sinh"), ("coth", "tanh"))
    },
    **{
        word: _short(word, "u", f"{inner}(1/u).", f"np.{inner}(1.0 / u)")
        for word, inner in (
            ("asec", "arccos"), ("acsc", "arcsin"), ("acot", "arctan"), ("asech", "arccosh"), ("acsch", "arcsinh"),
            ("acoth", "arctanh"),
        )
    },
}  # fmt: skip
