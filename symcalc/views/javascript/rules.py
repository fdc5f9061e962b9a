"""Optimizers as JavaScript: the lines of a row, entry by entry, over flat arrays.

rule("momentum")  →  (point, gradient, learning_rate, t, state) => {…}, which changes point and state in place
"""

from __future__ import annotations

from symcalc.descent.optimizer import Optimizer
from symcalc.errors import InputError
from symcalc.language.vocabulary import SPELLINGS
from symcalc.notation import tree

_FUNCTIONS = {
    "sqrt": "Math.sqrt", "abs": "Math.abs", "exp": "Math.exp", "log": "Math.log", "sign": "Math.sign",
    "max": "Math.max", "min": "Math.min", "cos": "Math.cos", "sin": "Math.sin", "tanh": "Math.tanh",
}  # fmt: skip
_NAMES = {"pi": "Math.PI", "e": "Math.E"}


def rule(optimizer: Optimizer) -> str:
    """The step of an optimizer as a JavaScript function.

    Its state is an object of arrays, one for each name that the rule remembers; `learning_rate` and `t` (1 on
    the first step) are numbers.

    Raises:
        InputError: A line of the rule has no JavaScript.
    """
    words = {"point": "p", "gradient": "g", "learning_rate": "rate", "t": "t"}
    words |= {name: f"c{k}" for k, name in enumerate(optimizer.constants)}
    words |= {name: f"m{k}" for k, name in enumerate(optimizer.states)}
    lines = [f"const {words[name]} = {float(value)!r};" for name, value in optimizer.constants.items()]
    inner = ["let p = point[k], g = gradient[k];"]
    inner += [f"let {words[name]} = state.{words[name]}[k];" for name in optimizer.states]
    known = set(words)
    for statement in optimizer.update.statements:
        name = str(statement.name)
        written = _write(statement.expression, words)
        if name in known:
            inner.append(f"{words[name]} = {written};")
        else:
            words[name] = f"u{len(words)}"
            known.add(name)
            inner.append(f"let {words[name]} = {written};")
    inner += ["point[k] = p;", *(f"state.{words[name]}[k] = {words[name]};" for name in optimizer.states)]
    body = "\n".join(f"    {line}" for line in inner)
    head = "\n".join(f"  {line}" for line in lines) + ("\n" if lines else "")
    return (
        f"(point, gradient, rate, t, state) => {{\n{head}  for (let k = 0; k < point.length; k++) {{\n{body}\n  }}\n}}"
    )


def memory(optimizer: Optimizer) -> list[str]:
    """The names under which the state of `rule(optimizer)` holds its arrays; all start at 0."""
    return [f"m{k}" for k in range(len(optimizer.states))]


def _write(node: tree.Node, words: dict[str, str]) -> str:
    match node:
        case tree.Number():
            value = float(node.value)
            return repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        case tree.Ref():
            return words.get(node.name) or _NAMES.get(node.name) or _refuse(node.name)
        case tree.Unary():
            return f"({node.op}{_write(node.operand, words)})"
        case tree.Bars():
            return f"Math.abs({_write(node.operand, words)})"
        case tree.Binary() if node.op in "+-*/^":
            left, right = _write(node.left, words), _write(node.right, words)
            return f"Math.pow({left}, {right})" if node.op == "^" else f"({left} {node.op} {right})"
        case tree.Compare():
            op = {"==": "===", "!=": "!=="}.get(node.op, node.op)
            return f"({_write(node.left, words)} {op} {_write(node.right, words)})"
        case tree.Call():
            return _call(node, words)
    return _refuse(type(node).__name__)


def _call(node: tree.Call, words: dict[str, str]) -> str:
    name = SPELLINGS.get(node.function, node.function)
    arguments = [_write(a, words) for a in node.arguments]
    if name == "where" and len(arguments) == 3:
        return f"({arguments[0]} ? {arguments[1]} : {arguments[2]})"
    return f"{_FUNCTIONS.get(name) or _refuse(name)}({', '.join(arguments)})"


def _refuse(what: str) -> str:
    raise InputError(f"There is no JavaScript for {what} in the rule of an optimizer.")
