"""Formulas as text and as trees: what is read as what, what is refused, where and why."""

from __future__ import annotations

import re
import time
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from cases_at_hand import load
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symcalc.errors import FormulaError
from symcalc.language import reader
from symcalc.language.limits import LIMITS
from symcalc.notation import tree

CASES = Path(__file__).resolve().parents[1] / "cases"


def cases(name: str, parts: int) -> list[tuple[str, ...]]:
    """The lines of a file of cases; ↵ is a new line and <U+0009> that character."""
    found = []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            row = line.replace("↵", "\n")
            row = re.sub(r"<U\+([0-9A-F]{4,5})>", lambda m: chr(int(m[1], 16)), row)
            text, *rest = row.rsplit(" => ", parts - 1)
            found.append((text, *rest))
    assert found
    return found


# -- a printer that leaves nothing to precedence ---------------------------------------------------


def written(node: tree.Node) -> str:
    match node:
        case tree.Number():
            return node.text
        case tree.Ref():
            plain = node.name.isidentifier() or re.fullmatch(r"[^\W\d][\w\u0300-\u0338]*", node.name)
            name = node.name if plain and node.name != "class" else f"`{node.name}`"
            return name + (f"[{','.join(node.indices)}]" if node.indices else "")
        case tree.Unary():
            return f"({node.op}{written(node.operand)})"
        case tree.Binary():
            op = " " if node.implicit else f" {node.op} "
            return f"({written(node.left)}{op}{written(node.right)})"
        case tree.Compare():
            return f"{written(node.left)} {node.op} {written(node.right)}"
        case tree.Call():
            axis = [] if node.axis is None else [f"axis={node.axis}"]
            return f"{node.function}({', '.join([*map(written, node.arguments), *axis])})"
        case tree.Bars():
            return f"(|{written(node.operand)}|)"
        case tree.Transpose():
            return f"({written(node.operand)}.T)"
        case tree.Stack():
            return f"[{', '.join(map(written, node.items))}]"
    raise TypeError(node)


def declared(names: tuple[tree.Declared, ...]) -> str:
    return ", ".join(d.name + (f"[{','.join(d.sizes)}]" if d.sizes else "") for d in names)


def whole(formula: tree.Formula) -> str:
    lines = []
    for statement in formula.statements:
        left = ""
        if formula.head and statement is formula.statements[-1]:
            behind = "" if formula.head.columns is None else f"; {declared(formula.head.columns)}"
            left = f"{formula.head.name}({declared(formula.head.parameters)}{behind}) = "
        elif statement.name is not None:
            left = statement.name + (f"[{','.join(statement.indices)}]" if statement.indices else "") + " = "
        lines.append(left + written(statement.expression))
    return "; ".join(lines)


def bare(node: Any) -> Any:
    """A tree without its places, for comparing."""
    if isinstance(node, tuple):
        return tuple(bare(n) for n in node)
    if not isinstance(node, tree.Node):
        return node
    inner = [bare(getattr(node, f.name)) for f in fields(node) if f.name not in ("start", "end")]
    return type(node).__name__, *inner


def nodes(node: Any) -> list[tree.Node]:
    found, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Node):
            found.append(node)
            waiting += [getattr(node, f.name) for f in fields(node)]
        elif isinstance(node, tuple):
            waiting += node
    return found


def fault_in(text: str) -> FormulaError | None:
    """The error a text is refused with, or None where it is read; anything else raised is a failure."""
    try:
        assert reader.read(text).statements
    except FormulaError as error:
        return error
    return None


# -- files of cases --------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "reading"), cases("formulas_accepted.txt", 2))
def test_an_accepted_formula_reads_as_stated(text, reading):
    assert reading == whole(reader.read(text))


@pytest.mark.parametrize(("text", "column", "reason"), cases("formulas_refused.txt", 3))
def test_a_refused_formula_says_what_and_where(text, column, reason):
    with pytest.raises(FormulaError) as caught:
        reader.read(text)

    error = caught.value
    assert (reason, int(column)) == (error.reason[: len(reason)], error.column)
    assert error.reason.endswith((".", "…", ".T")), "a reason is a sentence"
    assert error.length >= 1
    assert error.text == text


@pytest.mark.parametrize(("text", "column", "reason"), cases("formulas_refused.txt", 3))
def test_a_suggestion_repairs_its_place(text, column, reason):
    """What is put in the marked place is accepted, or leads to another fault further on."""
    with pytest.raises(FormulaError) as caught:
        reader.read(text)
    error = caught.value
    if error.suggestion is None or "\n" in text:
        return

    start = error.column - 1
    repaired = text[:start] + error.suggestion + text[start + error.length :]

    again = fault_in(repaired)

    assert again is None or (again.reason != error.reason and again.column >= error.column)


@pytest.mark.parametrize(("text", "reading"), cases("formulas_accepted.txt", 2))
def test_nodes_know_their_place(text, reading):
    for node in nodes(reader.read(text).statements):
        assert 0 <= node.start < node.end <= len(text)
        if isinstance(node, tree.Call) and "√" not in text:
            assert text[node.start : node.end].startswith(node.function)
            assert text[node.end - 1] == ")"
        if isinstance(node, tree.Number) and text.isascii():
            assert Fraction(text[node.start : node.end]) == node.value


def test_parentheses_are_no_part_of_a_node():
    text = "((a + b))*c"

    product = reader.read(text).statements[0].expression

    assert isinstance(product, tree.Binary)
    assert text[product.left.start : product.left.end] == "a + b"
    assert text[product.start : product.end] == text


def test_the_grammar_has_no_conflict():
    """`strict` refuses every shift/reduce conflict; it needs no further package, the lexer being ours."""
    assert reader.parser().options.strict


def test_numbers_are_exact():
    values = {t: reader.read(t).statements[0].expression.value for t in ("0.1", "1e-3", ".5", "2.", "00012", "2.5e2")}

    assert values == {"0.1": Fraction(1, 10), "1e-3": Fraction(1, 1000), ".5": Fraction(1, 2), "2.": 2, "00012": 12,
                      "2.5e2": 250}  # fmt: skip


def test_lines_count_from_one_and_columns_in_the_line():
    with pytest.raises(FormulaError) as caught:
        reader.read("a = 1\nb = é × $\nc")

    assert (2, 9) == (caught.value.line, caught.value.column)
    assert str(caught.value).splitlines()[1:] == ["  b = é × $", "          ^"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("x × y", "× was read as *."),
        ("2^3^2", "2^3^2 was read as 2^(3^2): powers go from the right."),
        ("√x^2", "√x^2 was read as (√x)^2: the power applies to all of it."),
        ("mean (x)", "mean (…) was read as the call mean(…)."),
        ("mean (x)**2", "mean (x)**2 was read as (mean (x))^2: the power applies to all of it."),
        ("2x₁", "x₁ was read as x1: they are one name."),
        ("ｘ", "ｘ (U+FF58) was read as x."),
    ],
)
def test_a_reading_that_may_surprise_is_noted(text, note):
    assert note in reader.read(text).notes


def test_a_plain_formula_has_no_notes():
    assert () == reader.read("yhat = m*x + b; mean((y - yhat)²) + 2(λ + π)").notes


# -- limits ----------------------------------------------------------------------------------------

BOUNDS = {
    "length": ("x" + " " * 30, {"length": 30}),
    "brackets": ("((((x))))", {"brackets": 3}),
    "nesting": ("sin(sin(sin(sin(x))))", {"nesting": 3}),
    "height": ("x+x+x+x", {"height": 3}),
    "chain": ("x+x+x+x", {"chain": 3}),
    "statement_nodes": ("f(a,b,c,d)", {"statement_nodes": 4}),
    "statements": ("a=1;b=2;c=3;d=4", {"statements": 3}),
    "nodes": ("a=1;b=2;c=3;d=4", {"nodes": 3}),
    "digits": ("12.345", {"digits": 4}),
    "exponent": ("1e-5", {"exponent": 4}),
    "name_length": ("abcde", {"name_length": 4}),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_every_limit_names_itself_and_the_remedy(bound):
    assert {f.name for f in fields(LIMITS)} == BOUNDS.keys()
    text, smaller = BOUNDS[bound]
    limits = replace(LIMITS, **smaller)

    with pytest.raises(FormulaError, match=rf"\b{smaller[bound]}\b.*limit|limit.*\b{smaller[bound]}\b") as caught:
        reader.read(text, limits)

    assert re.search(r"name|Split|Round|Rescale|Shorten|columns", caught.value.reason)
    assert reader.read(text, replace(limits, **{bound: 100}))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "x" + ")" * 200,
        "sin(" * 90 + "x" + ")" * 90,
        "+".join(["x"] * 250),
        "*".join(f"(x+{k})" for k in range(250)),
        "x^" * 100 + "x",
        "-" * 100 + "x",
        ";".join(f"h{k} = tanh(w{k}*h{k - 1} + b{k})" for k in range(1, 501)),
    ],
)
def test_what_is_large_but_sensible_is_read(text):
    assert reader.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "(" * 201 + "x" + ")" * 201,
        "sin(" * 1000 + "x" + ")" * 1000,
        "x**" * 2000 + "x",
        "*".join(f"(x+{k})" for k in range(1000)),
        "-" * 20_000 + "x",
        "2" + "(x)" * 10_000,
        "x" + ".T" * 10_000,
        "x" + "²" * 10_000,
        "x²" * 10_000,
        "√" * 10_000 + "x",
        "|" * 10_000 + "x" + "|" * 10_000,
        "1" * 5000,
        "1e" + "9" * 50_000,
        "x" * 5000,
        ";" * 99_999,
        "x" * 1_000_000,
        "`" * 50_001,
        "a,b" * 30_000,
        "\\" * 90_000,
        "[" * 150 + "x",
    ],
)
def test_what_is_too_large_is_refused_within_two_seconds(text):
    reader.read("x")
    start = time.process_time()

    with pytest.raises(FormulaError):
        reader.read(text)

    assert time.process_time() - start < 2


# -- formulas that attack, exhaust, confuse ----------------------------------------------------------

SYNTAX = set("E_STRING E_CHAR E_KEYWORD E_PAREN E_SYNTAX E_ATTRIBUTE_OR_SUBSCRIPT E_LATEX E_EMPTY E_OPERATOR E_NUMBER "
             "E_NAME E_CONFUSABLE".split())  # fmt: skip
# Forms of the language although the list would have them refused: a name in backticks, a list, a root, an
# implicit product, a transpose. The other three are well formed, and refused for what they name.
ALLOWED = {"`x`", "[x]", "√x", "(x)(y)", "X.T @ X", "object()", "log_2(x)", "Plus[x,1]"}


def test_hostile_formulas_are_refused_and_fair_ones_read():
    items = load("hostile.json")["items"]
    assert items
    for item in items:
        text, expected = item["text"], item["error_class"]
        start = time.process_time()
        error = fault_in(text)
        assert time.process_time() - start < 2, item["id"]
        if expected in SYNTAX:
            assert (error is not None) != (text in ALLOWED), item["id"]
        if expected == "ACCEPT":
            assert error is None or "limit" in error.reason, item["id"]


# -- laws ------------------------------------------------------------------------------------------

PLACE = (-1, -1)
NAMES = st.sampled_from(["x", "y", "lam", "β", "x̄", "Budget ($m)", "class", "gamma", "e", "T", "é"])
INDICES = st.sampled_from(["i", "k", "0", "12"])
NUMBERS = st.sampled_from(["0", "1", "2.5", ".5", "1e-3", "0.1", "12"])


def powers_and_the_like(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    lists = st.lists(inner, min_size=1, max_size=3).map(tuple)
    # What begins with a bracket or a number may begin an implicit product.
    leading = st.one_of(
        NUMBERS.map(lambda t: tree.Number(*PLACE, t, Fraction(t))),
        st.builds(lambda o, a, b: tree.Binary(*PLACE, o, a, b), st.sampled_from("+-*/^@"), inner, inner),
    )
    beside = st.one_of(
        NAMES.map(lambda n: tree.Ref(*PLACE, n)),
        st.builds(lambda a: tree.Call(*PLACE, "sin", (a,)), inner),
    )
    return st.one_of(
        st.builds(lambda o, a: tree.Unary(*PLACE, o, a), st.sampled_from("+-"), inner),
        st.builds(lambda o, a, b: tree.Binary(*PLACE, o, a, b), st.sampled_from("+-*/^@"), inner, inner),
        st.builds(lambda a, b: tree.Binary(*PLACE, "*", a, b, True), leading, beside),
        st.builds(lambda f, a, x: tree.Call(*PLACE, f, a, x), st.sampled_from(["sin", "f", "max"]), lists,
                  st.sampled_from([None, 0, 1, -1])),
        st.builds(lambda o, a, b, c: tree.Call(*PLACE, "where", (tree.Compare(*PLACE, o, a, b), c, c)),
                  st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner, inner),
        inner.map(lambda a: tree.Bars(*PLACE, a)),
        inner.filter(lambda a: not isinstance(a, tree.Number)).map(lambda a: tree.Transpose(*PLACE, a)),
        lists.map(lambda a: tree.Stack(*PLACE, a)),
    )  # fmt: skip


TREES = st.recursive(
    st.one_of(
        NUMBERS.map(lambda t: tree.Number(*PLACE, t, Fraction(t))),
        NAMES.map(lambda n: tree.Ref(*PLACE, n)),
        st.builds(lambda n, i: tree.Ref(*PLACE, n, tuple(i)), st.sampled_from(["x", "mu"]),
                  st.lists(INDICES, min_size=1, max_size=3)),
    ),
    powers_and_the_like,
    max_leaves=12,
)  # fmt: skip


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_a_written_tree_reads_back_as_itself(expression):
    text = written(expression)

    assert bare(expression) == bare(reader.read(text).statements[0].expression)


PARTS = st.sampled_from(
    "x y m 2 1e3 .5 . ( ) [ ] | , ; = + - * / ^ ** @ .T ² √ < == where( sum( axis= f(a;b) ` ' \" { } \\frac % # $ & ! ~ ? : "
    "\n \r \t × − ₁ ⁻ Σ ∑ х é e\u0301 \u0301 \u200b \u202e \ufeff ｘ ٣ ½ ﬁ class None __a__ sin // := 0x1 1_0 1,000 np.".split(" ")
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=40), st.lists(PARTS, max_size=14).map("".join), st.lists(PARTS, max_size=9).map(" ".join)
    )
)
@settings(max_examples=600, deadline=None)
@example("|")
@example("`")
@example("\\")
@example("=;=")
@example("√;")
@example(".T.")
@example("x\x0b$")
def test_any_text_is_read_or_refused_in_words(text):
    error = fault_in(text)

    if error is not None:
        assert error.reason[0].isprintable()
        assert "Token" not in error.reason
        assert 1 <= error.line
        assert 1 <= error.column <= len(text) + 1
        assert all(c.isprintable() or c == "\n" for c in str(error))


def test_no_row_of_the_stable_forms_is_passed_by_as_a_polynomial():
    from symcalc.language.stable_lookup import polynomial
    from symcalc.language.stable_rules import rules

    assert [rule.spelling for rule in rules() if polynomial(rule.spelling)] == []


def test_a_grammar_is_read_where_its_tables_cannot_be_kept(tmp_path, monkeypatch):
    from symcalc.language.building import Building
    from symcalc.language.grammars import parser_of

    kept = tmp_path / "kept"
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    for _ in range(2):
        assert parser_of("symcalc.language", Building()) is not None
    (table,) = (kept / "symcalc").iterdir()
    table.write_bytes(b"no tables")
    assert parser_of("symcalc.language", Building()) is not None
    monkeypatch.setenv("XDG_CACHE_HOME", str(table))
    assert parser_of("symcalc.language", Building()) is not None
