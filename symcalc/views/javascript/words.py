"""What each function of a formula is in JavaScript, and short functions for those the language has no word for.

A word is either a name of `Math`, or a helper whose source stands here; helpers may call each other.
"""

from __future__ import annotations

import re

MATH = {
    "exp": "exp", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan", "atan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
    "power": "pow", "hypot": "hypot", "CubeRoot": "cbrt", "Cbrt": "cbrt", "Sign": "sign", "sign": "sign",
    "Absolute": "abs", "Abs": "abs", "Maximum": "max", "Minimum": "min",
}  # fmt: skip

# Word → (name in the code, its definition).
_HELPERS = {
    "Relu": "const relu = u => u > 0 ? u : u * 0;",
    "Above": "const above = (a, b, tie) => a > b ? 1 : a < b ? 0 : a === b ? tie : NaN;",
    "SignAt": "const signAt = (u, value) => u === 0 ? value : Math.sign(u);",
    "Less": "const less = (a, b) => a < b ? 1 : 0;",
    "LessEqual": "const lessEqual = (a, b) => a <= b ? 1 : 0;",
    "Same": "const same = (a, b) => a === b ? 1 : 0;",
    "Differs": "const differs = (a, b) => a === b ? 0 : 1;",
    "Where": "const where = (c, a, b) => c ? a : b;",
    "Masked": "const masked = (s, f) => s === 0 ? 0 : s * f;",
    "Sigmoid": "const sigmoid = u => { if (u >= 0) return 1 / (1 + Math.exp(-u)); const e = Math.exp(u); return e / (1 + e); };",
    "Softplus": "const softplus = u => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));",
    "LogAddExp": "const logAddExp = (a, b) => a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));",
    "LogisticSlope": "const logisticSlope = (s, u) => { const e = Math.exp(-Math.abs(u)); return e / ((1 + e) * (1 + e)); };",
    "LogisticLoss": "const logisticLoss = (u, w) => (Math.max(u, 0) - w * u) + Math.log1p(Math.exp(-Math.abs(u)));",
    "LogisticMiss": "const logisticMiss = (s, u, w) => { const e = Math.exp(-Math.abs(u)), m = e / (1 + e); return u >= 0 ? (1 - w) - m : m - w; };",
    "TanhSlope": "const tanhSlope = (h, u) => { const e = Math.exp(-2 * Math.abs(u)); return 4 * e / ((1 + e) * (1 + e)); };",
    "LogOneMinusExp": "const logOneMinusExp = u => u > -0.6931 ? Math.log(-Math.expm1(u)) : Math.log1p(-Math.exp(u));",
    "LogCosh": "const logCosh = u => { const a = Math.abs(u); if (a < 1) { const s = Math.sinh(a / 2); return Math.log1p(2 * s * s); } return a + Math.log1p(Math.exp(-2 * a)) - Math.LN2; };",
    "LogOnePlusSquare": "const logOnePlusSquare = u => Math.abs(u) < 1e150 ? Math.log1p(u * u) : 2 * Math.log(Math.abs(u));",
    "sech": "const sech = u => { const e = Math.exp(-Math.abs(u)); return 2 * e / (1 + e * e); };",
    "RootLessOne": "const rootLessOne = u => u * (u / (1 + Math.hypot(1, u)));",
    "SqrtLessOne": "const sqrtLessOne = u => u / (1 + Math.sqrt(1 + u));",
    "OneMinusCos": "const oneMinusCos = u => { const s = Math.sin(u / 2); return 2 * s * s; };",
    "CoshLessOne": "const coshLessOne = u => { const s = Math.sinh(u / 2); return 2 * s * s; };",
    "TimesLog": "const timesLog = u => u === 0 ? 0 : u * Math.log(u);",
    "TimesLogRatio": "const timesLogRatio = (u, w) => u === 0 ? 0 : u * Math.log(u / w);",
    "PowerRatio": "const powerRatio = (u, c, a, n, k) => Math.abs(u) > 1e3 ? c * u ** (a - n * k) / (1 + u ** -n) ** k : c * u ** a / (1 + u ** n) ** k;",
    "NormalDensity": "const normalDensity = u => Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI);",
    "NormalCdf": "const normalCdf = u => erfc(-u / Math.SQRT2) / 2;",
    # The series and the continued fraction of DLMF 7.6.1 and 7.9.1.
    "erf": "const erf = u => { if (Math.abs(u) > 2) return Math.sign(u) * (1 - erfc(Math.abs(u))); let t = u, s = u; for (let k = 1; k < 80; k++) { t *= 2 * u * u / (2 * k + 1); s += t; } return 2 / Math.sqrt(Math.PI) * Math.exp(-u * u) * s; };",
    "erfc": "const erfc = u => { if (Number.isNaN(u)) return u; if (u < 2) return 1 - erf(u); let f = 0; for (let k = 120; k > 0; k--) f = k / 2 / (u + f); return Math.exp(-u * u) / Math.sqrt(Math.PI) / (u + f); };",
    # Stirling's series (DLMF 5.11.1 and 5.11.2) after shifting the argument beyond 15.
    "loggamma": "const loggamma = x => { if (!(x > 0)) return NaN; let p = 1; while (x < 15) { p *= x; x += 1; } const r = 1 / (x * x); return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x - Math.log(p); };",
    "digamma": "const digamma = x => { if (x <= 0) return Number.isInteger(x) ? NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x); let s = 0; while (x < 15) { s -= 1 / x; x += 1; } const r = 1 / (x * x); return s + Math.log(x) - 0.5 / x - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132)))); };",
    # DLMF 5.15.8 and 5.15.5.
    "polygamma": "const polygamma = (n, x) => { if (n === 0) return digamma(x); if (!(x > 0)) return NaN; let f = 1; for (let k = 2; k <= n; k++) f *= k; let s = 0; while (x < 20) { s += f / x ** (n + 1); x += 1; } let t = f / n / x ** n + f / 2 / x ** (n + 1), g = f; const B = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6]; for (let k = 1; k <= 7; k++) { g = f; for (let j = 1; j < 2 * k; j++) g *= (n + j) / j; t += B[k - 1] * g / (2 * k) / x ** (2 * k + n); } return (n % 2 ? 1 : -1) * (s + t); };",
    "gamma": "const gamma = x => x < 0.5 ? Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x)) : Math.exp(loggamma(x));",
    **{
        word: f"const {word} = u => 1 / Math.{inner}(u);"
        for word, inner in (("sec", "cos"), ("csc", "sin"), ("cot", "tan"), ("csch", "sinh"), ("coth", "tanh"))
    },
    **{
        word: f"const {word} = u => Math.{inner}(1 / u);"
        for word, inner in (
            ("asec", "acos"), ("acsc", "asin"), ("acot", "atan"), ("asech", "acosh"), ("acsch", "asinh"),
            ("acoth", "atanh"),
        )
    },
    # Gaussian elimination with the largest pivot of each column; a is flat and row-major, n by n.
    "lu": "const lu = (a, n) => { const m = Float64Array.from(a), order = [...Array(n).keys()]; let sign = 1; for (let c = 0; c < n; c++) { let p = c; for (let r = c + 1; r < n; r++) if (Math.abs(m[r * n + c]) > Math.abs(m[p * n + c])) p = r; if (p !== c) { for (let k = 0; k < n; k++) [m[c * n + k], m[p * n + k]] = [m[p * n + k], m[c * n + k]]; [order[c], order[p]] = [order[p], order[c]]; sign = -sign; } for (let r = c + 1; r < n; r++) { const f = m[r * n + c] /= m[c * n + c]; for (let k = c + 1; k < n; k++) m[r * n + k] -= f * m[c * n + k]; } } return { m, order, sign }; };",
    "det": "const det = (a, n) => { const { m, sign } = lu(a, n); let d = sign; for (let k = 0; k < n; k++) d *= m[k * n + k]; return d; };",
    "logdet": "const logdet = (a, n) => { const { m } = lu(a, n); let d = 0; for (let k = 0; k < n; k++) d += Math.log(Math.abs(m[k * n + k])); return d; };",
    "inv": "const inv = (a, n) => { const { m, order } = lu(a, n), out = new Float64Array(n * n); for (let c = 0; c < n; c++) { const u = new Float64Array(n); for (let r = 0; r < n; r++) { let s = order[r] === c ? 1 : 0; for (let k = 0; k < r; k++) s -= m[r * n + k] * u[k]; u[r] = s; } for (let r = n - 1; r >= 0; r--) { let s = u[r]; for (let k = r + 1; k < n; k++) s -= m[r * n + k] * u[k]; u[r] = s / m[r * n + r]; } for (let r = 0; r < n; r++) out[r * n + c] = u[r]; } return out; };",
}  # fmt: skip

HELPERS = {word: (source.split()[1], source) for word, source in _HELPERS.items()}
_CALLED = {name: word for word, (name, _) in HELPERS.items()}


def definitions(words: set[str]) -> list[str]:
    """The sources of helpers and of all that they call, each once, in the order of the table."""
    wanted, waiting = set(), list(words)
    while waiting:
        word = waiting.pop()
        if word in wanted:
            continue
        wanted.add(word)
        calls = re.findall(r"(?<![.\w])([A-Za-z]\w*)\(", HELPERS[word][1])
        waiting += [_CALLED[name] for name in calls if name in _CALLED]
    return [source for word, (_, source) in HELPERS.items() if word in wanted]
