"""Saved runs come back as they were, and are written whole or not at all."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest

from symcalc.errors import DataError, InputError
from symcalc.sources import run_file
from symcalc.sources.run_file import number, read_run, write_atomically, write_run


def test_a_run_comes_back_bit_for_bit(tmp_path):
    path = tmp_path / "run.json"
    point = np.random.default_rng(0).standard_normal(50)
    write_run(path, {"point": {"w": point, "b": np.float64(0.1)}, "steps": (1, 2), "loss": math.inf})
    run = read_run(path)

    assert {"point": {"w": point.tolist(), "b": 0.1}, "steps": [1, 2], "loss": "inf"} == run
    assert math.inf == number(run["loss"])


def test_words_stand_for_numbers_that_are_not_finite():
    assert run_file.plain([math.nan, math.inf, -math.inf, 1.5]) == ["nan", "inf", "-inf", 1.5]
    assert math.isnan(number("nan"))
    with pytest.raises(DataError, match="'many' is not a number"):
        number("many")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("x,y\n1,2\n", r"it is not JSON \(line 1\)"),
        ("[1, 2]", "it lacks"),
        ('{"point": {}}', "it lacks"),
        ('{"kind": "symcalc run", "version": 99}', "Update symcalc"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path, text, reason):
    path = tmp_path / "run.json"
    path.write_text(text)

    with pytest.raises(DataError, match=reason):
        read_run(path)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    write_atomically(path, "old")

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_atomically(path, "new")

    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]


def test_a_link_and_permissions_survive(tmp_path):
    path, link = tmp_path / "run.json", tmp_path / "link.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomically(link, "new")

    assert link.is_symlink()
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_where_nothing_can_be_written_is_said(tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        write_atomically(tmp_path / "no" / "run.json", "text")
    with pytest.raises(InputError, match="is a folder"):
        write_atomically(tmp_path, "text")
