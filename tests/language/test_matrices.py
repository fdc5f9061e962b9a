"""One-hot labels, diagonal matrices and reductions along an axis."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symcalc as sc

NAMES = ["setosa", "versicolor", "virginica"]
SOFTMAX = "Y = onehot(species); Z = X@W + c; mean(-sum(Y*log(softmax(Z)), axis=1))"


def flowers() -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    kinds = np.arange(12) % 3
    x = rng.normal(size=(12, 2)) + kinds[:, None]
    return {"length": x[:, 0], "width": x[:, 1], "species": [NAMES[k] for k in kinds]}, x, np.eye(3)[kinds]


def fitted(data: Any) -> Any:
    loss = sc.parse(SOFTMAX, data, shapes={"W": (2, 3), "c": 3}, columns={"X": ["length", "width"]})
    return sc.compile(sc.differentiate(loss))


def gradient(text: str, values: dict[str, Any], **constants: Any) -> dict[str, Any]:
    loss = sc.parse(text, parameters={n: np.shape(v) for n, v in values.items()}, constants=constants)
    return dict(sc.compile(sc.differentiate(loss)).gradient(values))


def test_onehot_labels_train_a_softmax_classifier() -> None:
    data, x, labels = flowers()
    program = fitted(data)
    weights, shift = np.array([[0.3, -0.2, 0.5], [0.1, 0.7, -0.4]]), np.array([0.2, -0.1, 0.0])
    scores = np.exp(x @ weights + shift)
    shares = scores / scores.sum(axis=1, keepdims=True)

    value, slopes = program.value_and_gradient({"W": weights, "c": shift})

    assert value == pytest.approx(-np.mean(np.sum(labels * np.log(shares), axis=1)), rel=1e-14)
    np.testing.assert_allclose(slopes["W"], x.T @ (shares - labels) / 12, rtol=1e-12)
    np.testing.assert_allclose(slopes["c"], (shares - labels).mean(axis=0), rtol=1e-12)


def test_the_classes_are_sorted_and_named_in_a_note() -> None:
    loss = fitted(flowers()[0]).loss
    assert "onehot(species): setosa, versicolor, virginica" in loss.notes
    assert loss.name_of("onehot(species)").axes[1].entries == tuple(NAMES)


def test_whole_numbers_are_classes_in_the_order_of_their_size() -> None:
    loss = sc.parse("sum(onehot(k)*w)", {"k": [10, 2, 2, 0]}, shapes={"w": 3})
    program = sc.compile(sc.differentiate(loss))
    assert "onehot(k): 0, 2, 10" in loss.notes
    assert program.gradient({"w": np.zeros(3)})["w"].tolist() == [1.0, 2.0, 1.0]


def test_predictions_need_no_labels() -> None:
    data, x, _ = flowers()
    program = fitted(data)
    weights, shift = np.ones((2, 3)), np.arange(3.0)
    rows = {"length": x[:4, 0], "width": x[:4, 1]}
    found = program.predict({"W": weights, "c": shift}, rows, "Z")
    np.testing.assert_allclose(found, x[:4] @ weights + shift, rtol=1e-14)


def test_a_saved_run_predicts_without_its_data(tmp_path: Path) -> None:
    from symcalc.app.saved_model import read_model
    from symcalc.descent.save import save
    from symcalc.sources.reading import read

    data, x, _ = flowers()
    trace = sc.descend(fitted(data), start={"W": np.zeros((2, 3)), "c": np.zeros(3)}, learning_rate=0.1, steps=5)
    save(trace, tmp_path / "run.json")
    rows = read({"length": x[:, 0], "width": x[:, 1]}, {})
    assert rows is not None
    found = read_model(str(tmp_path / "run.json")).predict(rows, "Z")
    np.testing.assert_allclose(found, x @ trace.point["W"] + trace.point["c"], rtol=1e-12)


def test_class_names_in_a_file_are_labels_there_and_text_elsewhere(tmp_path: Path) -> None:
    data, x, _ = flowers()
    file = tmp_path / "flowers.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([list(data), *zip(x[:, 0], x[:, 1], data["species"])])
    assert fitted(str(file)).value({"W": np.zeros((2, 3)), "c": np.zeros(3)}) == pytest.approx(np.log(3))
    with pytest.raises(sc.DataError, match="'setosa' is not a number"):
        sc.compile(sc.differentiate(sc.parse("mean((species - m)^2)", str(file))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sum(onehot(kind)*w)", "no column kind"),
        ("sum(onehot(x + 1)*w)", "one column of classes"),
        ("u = 2*x; sum(onehot(u)*w)", "u is no column"),
        ("sum(onehot(x)*w)", "0.5 is no class"),
        ("sum(onehot(gap)*w)", "row 2, column gap: the class is missing"),
    ],
)
def test_what_is_no_column_of_classes_is_refused(text: str, said: str) -> None:
    with pytest.raises(sc.SymcalcError, match=said):
        sc.parse(text, {"x": [0.5, 1.0], "gap": ["a", ""]}, shapes={"w": 2})


def test_diag_of_a_vector_is_a_diagonal_matrix() -> None:
    v, square = np.array([1.0, 2.0, 4.0]), np.arange(9.0).reshape(3, 3)
    slopes = gradient("sum((diag(v)@A)^2)", {"v": v}, A=square)
    np.testing.assert_allclose(slopes["v"], 2 * v * np.sum(square**2, axis=1), rtol=1e-14)
    slopes = gradient("sum(diag(A)^2)", {"A": square})
    np.testing.assert_allclose(slopes["A"], 2 * np.diag(np.diag(square)), rtol=1e-14)


@pytest.mark.parametrize("word", ["sum", "mean", "prod", "std", "logsumexp"])
def test_a_second_whole_number_is_the_axis(word: str) -> None:
    square = np.arange(6.0).reshape(2, 3) + 1
    for axis in ("0", "1", "-1"):
        one = gradient(f"sum({word}(A, {axis})^2)", {"A": square})
        two = gradient(f"sum({word}(A, axis={axis})^2)", {"A": square})
        np.testing.assert_array_equal(one["A"], two["A"])


def test_max_of_an_array_and_a_number_is_the_larger_of_the_two() -> None:
    assert gradient("sum(max(v, 1))", {"v": np.array([0.0, 3.0])})["v"].tolist() == [0.0, 1.0]


def clashes() -> list[tuple[str, int, list[str]]]:
    lines = (Path(__file__).parents[1] / "cases" / "shapes_refused.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split(" => ") for line in lines if line and not line.startswith("#")]
    return [(formula, int(column), shapes.split(" and ")) for formula, column, shapes in parts]


@pytest.mark.parametrize(("formula", "column", "shapes"), clashes(), ids=lambda v: v if isinstance(v, str) else "")
def test_shapes_that_clash_are_named_with_their_place(formula: str, column: int, shapes: list[str]) -> None:
    data = {"X": np.ones((5, 3)), "y": np.ones(5)}
    with pytest.raises(sc.FormulaError) as caught:
        sc.parse(formula, data, parameters={"W": (3, 2), "A": (4, 4), "v": 2, "q": 3})
    assert (caught.value.line, caught.value.column) == (1, column)
    first = caught.value.reason.find(shapes[0])
    assert 0 <= first < caught.value.reason.find(shapes[1], first + 1)
