"""How equations with several factors are best worked out: `python tests/benchmarks/contraction.py` prints ratios.

Three ways for the same contraction: one einsum over all factors, einsum with the path it finds on every call,
and the pairwise order that symcalc fixes when it compiles.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from symcalc.compute.meanings import contract


def best(work: Callable[[], object], repeats: int = 40) -> float:
    """The shortest of several runs, in seconds."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Prints one row a contraction."""
    rng = np.random.default_rng(0)
    x, r, h, v = rng.normal(size=(4000, 50)), rng.normal(size=4000), rng.normal(size=(4000, 64)), rng.normal(size=64)
    a, b, c = (rng.normal(size=(200, 200)) for _ in range(3))
    q, d = rng.normal(size=(25, 10, 10)), rng.normal(size=(1000, 25, 10))
    rows = (
        ("weights of a layer, `iq,i,ip,p->qp`", "iq,i,ip,p->qp", (x, r, h, v),
         lambda: ((x * r[:, None]).T @ h) * v),
        ("three matrices, `lj,pl,kp->jk`", "lj,pl,kp->jk", (a, b, c), lambda: a.T @ (b.T @ c.T)),
        ("a matrix a component, `kab,ikb->ika`", "kab,ikb->ika", (q, d), lambda: contract("kab,ikb->ika", q, d)),
    )  # fmt: skip
    print("| contraction | one einsum / pairwise | einsum with a path / pairwise |")
    print("|---|---|---|")
    for title, subscripts, operands, pairwise in rows:
        own = best(pairwise)
        whole = best(lambda s=subscripts, o=operands: np.einsum(s, *o), 5)
        path = best(lambda s=subscripts, o=operands: np.einsum(s, *o, optimize=True))
        assert np.allclose(np.einsum(subscripts, *operands, optimize=True), pairwise())
        print(f"| {title} | {whole / own:.1f} | {path / own:.1f} |")


if __name__ == "__main__":
    main()
