"""Peak memory beyond the arrays that are given, from a process of its own: value and gradient of a decay.

`python tests/benchmarks/memory.py SIDE ROWS` prints the MiB of the first answer and of a later call.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from columns import decay_by_hand, decay_loss, drawn
from libraries import with_jax
from work import OWN, Call, Measured, own_side

POINT = {"a": 1.0, "b": 1.0, "c": 0.1}
PEERS = ("JAX jit", "NumPy by hand")
# Nobody is smaller than what a process takes and gives back by itself.
LEAST = 1.0
# What a call may take beside the data, however many rows there are.
ALLOWED = 16.0
TITLE = "peak memory beyond the arrays, decay, 1e7 rows"


def maker(name: str, rows: int) -> Callable[[], Call]:
    """One side over so many rows."""
    data = drawn(1, rows)
    if name == OWN:
        return own_side("mean((y - a*exp(-b*x) - c)^2)", data, POINT)
    if name == "JAX jit":
        return with_jax(decay_loss, POINT, data)
    return lambda: decay_by_hand(*data.values(), tuple(POINT.values()))


def status(word: str) -> float:
    """A line of what the kernel says of this process, in MiB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return float(text.split(f"{word}:")[1].split()[0]) / 1024


def peak(work: Callable[[], object]) -> float:
    """How far memory rose above where it stood before, in MiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = status("VmRSS")
    work()
    return max(LEAST, status("VmHWM") - before)


def alone(name: str, rows: int) -> tuple[float, float]:
    """MiB from the arrays to the first answer, and of a later call; libraries are loaded and warm before."""
    maker(name, 20_000)()()
    make = maker(name, rows)
    kept: list[Call] = []

    def first() -> None:
        kept.append(make())
        kept[0]()

    return peak(first), peak(kept[0])


def measured(share: float) -> tuple[list[Measured], list[str]]:
    """Two lines a peer; nothing where the kernel does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        return [], [OWN]
    found, missing = {}, []
    for name in (OWN, *PEERS):
        command = [sys.executable, __file__, name, str(int(10_000_000 * share))]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if "ImportError" in made.stderr or "ModuleNotFoundError" in made.stderr:
            missing.append(name)
            continue
        if made.returncode:
            raise RuntimeError(f"{TITLE}: the process of {name} ended with:\n{made.stderr}")
        found[name] = [float(word) for word in made.stdout.split()]
    own = found.pop(OWN)
    found[f"limit: {ALLOWED:g} MiB"] = [ALLOWED, ALLOWED]
    return [
        Measured(f"{TITLE}, {what}", name, own[k], theirs[k], None, "MiB", wanted=1)
        for k, what in enumerate(("from arrays to the first answer", "a later call"))
        for name, theirs in found.items()
    ], missing


if __name__ == "__main__":
    print(*alone(sys.argv[1], int(sys.argv[2])))
