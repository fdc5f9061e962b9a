"""From the start of the process to the first slope on the screen: `python tests/benchmarks/start_up.py`.

Beside what every program that uses SymPy pays: `import sympy`. The processes take turns; least time of all turns.
"""

from __future__ import annotations

import subprocess
import sys
import time

TURNS = 9
COMMANDS = {
    "`python -c 'import sympy'`": ([sys.executable, "-c", "import sympy"], ""),
    "`symcalc --help`": ([sys.executable, "-m", "symcalc", "--help"], "Usage"),
    "`symcalc derive movies`, to the slope": ([sys.executable, "-m", "symcalc", "derive", "movies"], "∂L/∂m"),
    "`symcalc derive movies`, to the end": ([sys.executable, "-m", "symcalc", "derive", "movies"], ""),
    "`symcalc compare movies --at m=1,b=0`": ([sys.executable, "-m", "symcalc", "compare", "movies", "--at", "m=1,b=0"], ""),
    "`symcalc descend`": ([sys.executable, "-m", "symcalc", "descend"], ""),
}  # fmt: skip


def until(command: list[str], text: str) -> float:
    """Seconds until a line with a text is printed; until the end for no text."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        spent = 0.0
        for line in process.stdout:
            if text and text in line and not spent:
                spent = time.perf_counter() - begun
        process.wait()
    return spent or time.perf_counter() - begun


def main() -> None:
    best = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(TURNS):
        for name, (command, text) in COMMANDS.items():
            best[name] = min(best[name], until(command, text))
    sympy = next(iter(best.values()))
    print("| command | s | in imports of SymPy |")
    print("|---|---|---|")
    for name, spent in best.items():
        print(f"| {name} | {spent:.2f} | {spent / sympy:.1f} |")


if __name__ == "__main__":
    main()
