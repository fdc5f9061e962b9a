"""The gradient as JavaScript: the same numbers as NumPy, on every row of the catalogue."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
sys.path.insert(0, str(Path(__file__).parent))

from javascript_engines import ENGINES
from rows_at_hand import ROWS, flat, gradient, program

import symcalc as sc
from symcalc.errors import InputError
from symcalc.views.javascript.rules import memory, rule
from symcalc.views.javascript.script import script
from symcalc.views.javascript.words import HELPERS, MATH

if not ENGINES and not os.environ.get("CI"):
    pytest.skip("there is neither Node.js nor Chromium to run JavaScript", allow_module_level=True)


def said(source, engine=None):
    """What a script prints, in one of the engines at hand."""
    return (ENGINES[engine] if engine else next(iter(ENGINES.values())))(source)


def ran(jobs, engine=None):
    """[(script, given, sizes)] → what `evaluate` answers for each, all in one process."""
    parts = ["const say = v => typeof v === 'number' ? String(v) : Array.from(v, String);", "const out = [];"]
    for made, given, sizes in jobs:
        call = f"evaluate({json.dumps(given)}, {json.dumps(sizes)})"
        parts.append(f"{{ {made.text} const r = {call}; out.push([say(r.value), r.slopes.map(say)]); }}")
    parts.append("console.log(JSON.stringify(out));")
    return [
        (float(value), [np.asarray(slope, float).ravel() for slope in slopes])
        for value, slopes in json.loads(said("\n".join(parts), engine))
    ]


def job(compiled, point):
    made = script(compiled.gradient_equations)
    values = compiled.checked_point(point)
    given = {}
    for word, name in made.inputs.items():
        value = values[name.name] if name.name in values else compiled.given[name.symbol]
        given[word] = np.asarray(value, float).ravel().tolist() if name.axes else float(value)
    return made, given, {word: compiled.sizes[axis] for word, axis in made.sizes.items()}


def close(came, expected):
    expected = np.asarray(expected, float).ravel()
    scale = max(1.0, float(np.max(np.abs(expected[np.isfinite(expected)]), initial=0)))
    return np.allclose(came, expected, rtol=1e-12, atol=1e-12 * scale, equal_nan=True)


def test_there_is_an_engine_to_check_with():
    assert ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_the_value_and_the_gradient_of_every_row_of_the_catalogue_are_those_of_numpy(engine):
    names = [name for name in ROWS if not gradient(name).loss.per_row]
    points = {}
    for name in names:
        draw = np.random.default_rng(7)
        start = flat(name, ROWS[name].start)
        step = 0.1 * draw.uniform(-1, 1, start.shape) * np.where(start == 0, 1, np.abs(start))
        points[name] = program(name).layout.split(start + step)
    answers = ran([job(program(name), points[name]) for name in names], engine)

    wrong = []
    for name, (value, slopes) in zip(names, answers):
        expected, partials = program(name).value_and_gradient(points[name])
        good = close(value, expected) and all(close(s, partials[p]) for s, p in zip(slopes, partials))
        if not good:
            wrong.append(name)
    assert len(names) > 100
    assert wrong == []


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("log(det(A)) + trace(inv(A)@B)", {"A": [[3, 1, 0.2], [0.5, 2, 0.1], [0.3, 0.4, 4]], "B": np.eye(3)}),
        ("max(v) + prod(v) + min(v)", {"v": [0.3, -1.2, 2.5]}),
        ("erf(a) + erfc(3*a) + loggamma(a) + gamma(a) + digamma(a)^2", {"a": 0.7}),
        ("where(a > 1, a^2, sqrt(a)) + abs(a - 2) + relu(a) + max(a, 1) + sign(a)", {"a": 0.7}),
        ("log(1 + exp(a)) + tanh(a) + 1/(1+exp(-a)) + log(cosh(a))", {"a": 30.0}),
    ],
)
def test_what_the_catalogue_does_not_use_agrees_too(formula, point):
    shapes = {name: np.shape(value) for name, value in point.items()}
    compiled = sc.compile(sc.differentiate(sc.parse(formula, parameters=shapes)))
    ((value, slopes),) = ran([job(compiled, point)])
    expected, partials = compiled.value_and_gradient(point)

    assert close(value, expected)
    assert all(close(s, partials[p]) for s, p in zip(slopes, partials))


def test_every_helper_is_javascript():
    source = "\n".join(source for _, source in HELPERS.values())
    check = f"{source}\nfor (const w of {json.dumps(sorted(set(MATH.values())))}) if (typeof Math[w] !== 'function') throw w;"
    said(check)


def test_rows_may_be_added_without_new_code():
    compiled = sc.compile(sc.differentiate(sc.parse("mean((y - (m*x + b))^2)", data="movies")))
    made, given, sizes = job(compiled, {"m": 1.4, "b": 100.0})
    columns = {name.name: word for word, name in made.inputs.items()}
    longer = {**given, columns["x"]: [*given[columns["x"]], 150.0], columns["y"]: [*given[columns["y"]], 310.0]}
    ((value, _),) = ran([(made, longer, dict.fromkeys(sizes, 6))])

    # (5·4025 + (310 - 1.4·150 - 100)²)/6
    assert value == pytest.approx((5 * 4025 + 0) / 6, rel=1e-12)


def test_no_text_of_the_user_becomes_code():
    loss = sc.parse("`a');process.exit(7)//`*x^2", columns=None, parameters=["x", "a');process.exit(7)//"])
    assert "process" not in script(sc.differentiate(loss)).text


def test_a_formula_with_one_value_a_row_is_refused():
    with pytest.raises(InputError, match="one value a row"):
        script(sc.differentiate(sc.parse("(y - p)^2", data={"y": [1.0, 2.0], "p": [1.0, 3.0]}), "p"))


def evaluated(lines):
    return json.loads(said("\n".join(lines)))


@pytest.mark.parametrize(
    ("formula", "data", "point", "direction"),
    [
        ("mean((y - a*exp(-b*x))^2)", "movies", {"a": 700.0, "b": 0.001}, {"a": 1.0, "b": 2e-4}),
        ("(1 - x)^2 + 100*(y - x^2)^2", None, {"x": -1.2, "y": 1.0}, {"x": 0.3, "y": -2.0}),
    ],
)
def test_a_hessian_product_is_that_of_numpy(formula, data, point, direction):
    compiled = sc.compile(sc.differentiate(sc.parse(formula, data, parameters=list(point))))
    made, given, sizes = job(compiled, point)
    given |= {made.directions[name]: value for name, value in direction.items()}
    came = evaluated([made.text, f"console.log(JSON.stringify(product({json.dumps(given)}, {json.dumps(sizes)})));"])

    assert came == pytest.approx(list(compiled.hessian_product(point, direction).values()), rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    ["z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)", "mean((m*x + b - y)^2)", "f = m*x + b; mean((y - f)^2)"],
)
def test_the_model_is_that_of_predict_with_the_statistics_of_the_training_rows(formula):
    compiled = sc.compile(sc.differentiate(sc.parse(formula, "movies")))
    point, new = {"m": 2.0, "b": 5.0}, [300.0, 500.0]
    made, given, sizes = job(compiled, point)
    x = next(word for word, name in made.inputs.items() if name.name == "x")
    came = evaluated([
        made.text,
        f"const given = {json.dumps(given)}, sizes = {json.dumps(sizes)};",
        "const kept = trained(given, sizes);",
        f"const out = model({{...given, ...kept, {x}: {new}}}, {json.dumps(dict.fromkeys(sizes, 2))}, 2);",
        "console.log(JSON.stringify(Array.from(out)));",
    ])  # fmt: skip

    assert came == pytest.approx(compiled.predict(point, {"x": np.array(new)}).tolist(), rel=1e-12)


@pytest.mark.parametrize("name", ["gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_every_elementwise_optimizer_walks_as_in_numpy(name):
    compiled = sc.compile(sc.differentiate(sc.parse("(1 - x)^2 + 100*(y - x^2)^2", parameters=["x", "y"])))
    trace = sc.descend(compiled, {"x": -1.2, "y": 1.0}, optimizer=name, learning_rate=1e-3, steps=20)
    made, _, _ = job(compiled, {"x": -1.2, "y": 1.0})
    x, y = (next(w for w, n in made.inputs.items() if n.name == which) for which in "xy")
    state = {word: [0.0, 0.0] for word in memory(trace.optimizer)}
    came = evaluated([
        made.text,
        f"const step = {rule(trace.optimizer)}, state = {json.dumps(state)}, point = [-1.2, 1], walked = [];",
        "for (let t = 1; t <= 20; t++) {",
        f"  step(point, evaluate({{ {x}: point[0], {y}: point[1] }}, {{}}).slopes, 1e-3, t, state);",
        "  walked.push([...point]); }",
        "console.log(JSON.stringify(walked));",
    ])  # fmt: skip

    assert np.array(came) == pytest.approx(trace.points[1:], rel=1e-9)
