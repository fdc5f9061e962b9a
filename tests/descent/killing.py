"""Runs that are killed at random moments, and resumed: prints how many ended where the uninterrupted ones did.

python tests/descent/killing.py KILLS SEED

A process with everything compiled forks a child for every run; the child walks and saves after every step until it
is killed with SIGKILL. What the file then holds is resumed and must end bit for bit where the whole run ended.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import symcalc as sc
from symcalc.sources.run_file import read_run

STEPS = 60
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("gradient-descent", {"learning_rate": 0.05}),
    ("adam", {"learning_rate": 0.5, "batch_size": 2, "seed": 7, "schedule": "cosine"}),
    ("sgd", {"learning_rate": 0.02, "batch_size": 3, "seed": 1}),
    ("momentum", {"learning_rate": 0.01, "bounds": {"b": (0, 300)}}),
    ("l-bfgs", {}),
    ("trust-region", {}),
    ("coordinate-descent", {"learning_rate": 0.3}),
    ("levenberg-marquardt", {}),
]


def main(kills: int, seed: int) -> dict[str, int]:
    """Kill and resume so many runs."""
    dice = random.Random(seed)
    text = "z = (x - mean(x))/std(x); mean((y - (m*z + b + c*z^2))^2)"
    program = sc.compile(sc.differentiate(sc.parse(text, "movies")))
    start = {"m": 1, "b": 2, "c": 0.5}
    whole: dict[str, Any] = {}
    program.hessian_product(np.zeros(3), np.ones(3))
    found = {"killed": 0, "finished": 0, "unsaved": 0, "same": 0}
    with tempfile.TemporaryDirectory() as folder:
        while found["killed"] < kills:
            name, options = RUNS[found["killed"] % len(RUNS)]
            if name not in whole:
                began = time.monotonic()
                path = Path(folder) / f"{name}-whole.json"
                trace = sc.descend(program, start, name, steps=STEPS, save=path, save_every=0, **options)
                whole[name] = (trace, time.monotonic() - began)
            trace, took = whole[name]
            file = Path(folder) / f"{found['killed']}.json"
            child = os.fork()
            if child == 0:
                sc.descend(program, start, name, steps=STEPS, save=file, save_every=0, **options)
                os._exit(0)
            time.sleep(dice.uniform(0, took))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                found["finished"] += 1
                file.unlink(missing_ok=True)
                continue
            if not file.exists():
                found["unsaved"] += (
                    1  # killed before the first step was saved: nothing was promised, and it does not count
                )
                continue
            found["killed"] += 1
            saved = read_run(file)
            resumed = sc.descend(program, resume=saved, steps=STEPS - int(saved["t"]))
            found["same"] += np.array_equal(resumed.points[-1], trace.points[-1]) and resumed.loss == trace.loss
    return found


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
