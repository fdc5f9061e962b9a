"""Claims about runs that are cut off: whatever the moment, what was saved goes on to the same end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from numeric.hand_written import rosenbrock

from symcalc.descent.loop import descend
from symcalc.sources.run_file import read_run


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is killed in a forked process")
@pytest.mark.parametrize("seed", range(4))
def test_a_killed_run_resumes_to_the_same_end(seed):
    script = Path(__file__).with_name("killing.py")
    done = subprocess.run(
        [sys.executable, str(script), "25", str(seed)], capture_output=True, text=True, timeout=240, check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout)

    assert found["killed"] == found["same"] == 25


def test_a_run_is_saved_while_it_walks(tmp_path):
    file, seen = tmp_path / "run.json", []

    def heard(index, loss):
        if index:
            seen.append(read_run(file)["t"] == index)

    trace = descend(
        rosenbrock(), {"x": -1.2, "y": 1}, "adam", 0.01, steps=6, save=file, save_every=0, on_step=heard
    )  # fmt: skip

    assert seen == [True] * 6
    assert read_run(file)["point"] == trace.point
    assert read_run(file)["steps"][0]["predicted_change"] == trace.steps[0].predicted_change


def test_an_interrupted_run_is_saved(tmp_path):
    def interrupted(index, loss):
        if index == 7:
            raise KeyboardInterrupt

    descend(rosenbrock(), {"x": -1.2, "y": 1}, "adam", 0.01, steps=20, on_step=interrupted, save=tmp_path / "run.json")

    assert read_run(tmp_path / "run.json")["t"] == 7


def test_saving_waits_between_two_writings(tmp_path):
    file, written = tmp_path / "run.json", []

    descend(
        rosenbrock(), {"x": -1.2, "y": 1}, "adam", 0.01, steps=50, save=file, save_every=3600,
        on_step=lambda index, loss: written.append(file.exists()),
    )  # fmt: skip

    assert not any(written)
    assert file.exists()
