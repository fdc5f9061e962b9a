"""A pass over strips of rows as C: what a strip needs fits into the cache, and its arrays take up each other's place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

import sympy as sp

from symcalc.compute.dialects import NotWritten
from symcalc.compute.masks import merged
from symcalc.compute.powers import multiplied
from symcalc.compute.precision import Precision
from symcalc.compute.row_code import WALK
from symcalc.compute.row_words import HEAD, InRows
from symcalc.compute.strip_lines import Along, Line, Product, StripLines, Tile, Within
from symcalc.compute.strip_names import places
from symcalc.compute.strip_places import Nest, Placed, placed
from symcalc.compute.strip_words import LOOPS, SPARE, STRIPS

# Bytes of a strip's arrays: they stay in the second cache of a core, beside the sums.
_CACHE = 2**18
# Entries that a stretch works out for itself before its rows.
MOST_FIXED = 2**15
# Rows between two looks at what the roundings of sums lost.
_ROWS_OF_SUMS = 1024

STRETCH = """\
#define SIZE {size}
static void stretch(long long first, long long last, const double *given, const real *const *columns,
                    double *restrict total) {{
    double *restrict lost = total + SIZE;
    real t[{height} * STRIDE] __attribute__((aligned(64)));
    {known}
    long long strips = 0;
    for (long long at = first; at < last; at += STRIP) {{
        const long rows = last - at < STRIP ? last - at : STRIP;
        {read}
        {steps}
        if (rows < STRIP) {{
            {clear}
        }}
        {sums}
        if (++strips == {strips} || at + STRIP >= last) {{
            strips = 0;
            {flush}
        }}
    }}
}}
"""
_WORDS = {"sum": ("0.0", "o[r] + {}"), "prod": ("1.0", "o[r] * {}"), "max": ("-INFINITY", "larger(o[r], {})"),
          "min": ("INFINITY", "smaller(o[r], {})")}  # fmt: skip


def rows_of_strip(made: StripLines, precision: Precision) -> int:
    """How many rows a strip has.

    Args:
        made: The pass, written out.
        precision: How exactly rows are worked out.

    Raises:
        NotWritten: Too many entries for a strip of any length.
    """
    height = placed(made).height
    if sum(line.tile.size for line in made.fixed) > MOST_FIXED:
        raise NotWritten("it works out too much that is the same for every row")
    for rows in STRIPS[: -1 if precision.single else None]:
        if precision.bytes * height * (rows + SPARE) <= _CACHE:
            return rows
    raise NotWritten("a row has too many entries for the cache")


def strip_source(made: StripLines, precision: Precision) -> str:
    """The C code of a pass: `walk` over its stretches, and `together`."""
    where = placed(made)
    rows = rows_of_strip(made, precision)
    code = _Code(made, where)
    used = dict.fromkeys(tile for one in made.sums for tile in (one.left, one.right) if tile)
    body = STRETCH.format(
        size=made.size, height=where.height, strips=max(1, _ROWS_OF_SUMS // rows),
        known=_lines(code.known(), 4),
        read=_lines(code.reads(), 8),
        steps=_lines([line for step in where.order for line in code.step(step)], 8),
        clear=_lines([f"cleared(t + {where.at[tile.name]} * STRIDE, {tile.size}, rows);" for tile in used], 12),
        sums=_lines([line for n, one in enumerate(made.sums) for line in code.along(n, one)], 8),
        flush=_lines([line for n, one in enumerate(made.sums) for line in code.flush(n, one)], 12),
    )  # fmt: skip
    return f"{HEAD}#define STRIP {rows}\n#define SPARE {SPARE}\n{LOOPS}{body}{WALK}"


class _Code:
    """C for each step."""

    def __init__(self, made: StripLines, where: Placed) -> None:
        self.made, self.where = made, where
        self.products = [step for step in where.order if isinstance(step, Product)]
        self.printer = InRows()

    # -- before the strips -----------------------------------------------------------------------

    def known(self) -> list[str]:
        """What is the same for every row, and the sums of this stretch."""
        lines = [f"const real *const c{k} = columns[{k}];" for k in range(len(self.made.columns))]
        for line in self.made.fixed:
            lines.append(f"real {_array(line.tile)}[{line.tile.size}];")
            lines += self.loops(line.tile.shape, self.nest([line], line.tile.shape, rows=False))
        for n, step in enumerate(self.products):
            lines += self.packed(n, step)
        for n, one in enumerate(self.made.sums):
            lines += [f"V v{n}[{one.size}];", f"for (long k = 0; k < {one.size}; k++) v{n}[k] = (V){{0}};"]
        return lines

    def packed(self, n: int, step: Product) -> list[str]:
        """The weights of a product in the order in which they are read."""
        batches = step.weight.size // (step.outs * step.terms)
        lines = [f"real w{n}[{step.weight.size}];"]
        for first, count, each in chunks(step.outs, 4):
            lines.append(
                f"for (long b = 0; b < {batches}; b++) for (long o = {first}; o < {first + count * each}; o++) "
                f"for (long c = 0; c < {step.terms}; c++) "
                f"w{n}[(b * {step.outs} + o - (o - {first}) % {each}) * {step.terms} + c * {each} + (o - {first}) % {each}] = "
                f"{self.fixed(step.weight)}[(b * {step.outs} + o) * {step.terms} + c];"
            )
        return lines

    def fixed(self, tile: Tile) -> str:
        """Where an array without rows begins."""
        begins = self.made.begins
        return f"(given + {begins[tile.name]})" if tile.name in begins else _array(tile)

    # -- a strip ---------------------------------------------------------------------------------

    def reads(self) -> list[str]:
        found = []
        for name, column in self.made.read.items():
            width = self.made.columns[column][1]
            if name in self.where.at:
                found.append(f"beside(t + {self.where.at[name]} * STRIDE, c{column} + at * {width}, {width}, rows);")
        return found

    def step(self, step: Nest | Within | Product) -> list[str]:
        if isinstance(step, Nest):
            return self.loops(step.shape, self.nest(step.lines, step.shape, rows=True))
        return self.within(step) if isinstance(step, Within) else self.product(step)

    def nest(self, lines: Sequence[Line], shape: tuple[int, ...], rows: bool) -> list[str]:
        """The inside of the loops over a shape."""
        own = {line.tile.name for line in lines}
        names = _Names(self, own, places(len(shape)))
        steps = [(sp.Symbol(line.tile.name, real=True), names.renamed(line.body)) for line in lines]
        code = [(str(s), self.printer.doprint(e)) for s, e in multiplied(merged(steps))]
        entry = _flat(places(len(shape)), shape)
        inside = [*names.reads, *(f"const real {name} = {text};" for name, text in code)]
        if not rows:
            return [*names.before, *inside, *(f"{_array(line.tile)}[{entry}] = {line.tile.name};" for line in lines)]
        stored = [line.tile for line in lines if line.tile.name in self.where.at]
        outs = [f"real *const o{k} = {self.row(tile, places(len(shape)))};" for k, tile in enumerate(stored)]
        puts = [f"o{k}[r] = {tile.name};" for k, tile in enumerate(stored)]
        return [*names.before, *outs, *_over_rows([*inside, *puts])]

    def within(self, step: Within) -> list[str]:
        shape, every = step.tile.shape, (*step.tile.shape, *step.over)
        names = _Names(self, set(), places(len(every)))
        result = sp.Symbol("entry", real=True)
        code = [(str(s), self.printer.doprint(e)) for s, e in multiplied([(result, names.renamed(step.body))])]
        first, added = _WORDS[step.word]
        inside = [*names.reads, *(f"const real {name} = {text};" for name, text in code)]
        loop = self.loops(
            every, [*names.before, *_over_rows([*inside, f"o[r] = {added.format('entry')};"])], len(shape)
        )
        start = [f"real *const o = {self.row(step.tile, places(len(shape)))};", *_over_rows([f"o[r] = {first};"])]
        return self.loops(shape, [*start, *loop])

    def product(self, step: Product) -> list[str]:
        n = self.products.index(step)
        batches = step.weight.size // (step.outs * step.terms)
        weight = f"w{n}" + (f" + b * {step.outs * step.terms}" if batches > 1 else "")
        lines = [f"for (long b = 0; b < {step.batch}; b++) {{"]
        for first, count, each in chunks(step.outs, 4):
            out = f"t + ({self.where.at[step.tile.name]} + b * {step.outs} + o) * STRIDE"
            factor = f"t + ({self.where.at[step.factor.name]} + b * {step.terms}) * STRIDE"
            lines.append(f"    for (long o = {first}; o < {first + count * each}; o += {each})")
            lines.append(f"        products{each}({out}, {weight} + o * {step.terms}, {factor}, {step.terms});")
        return [*lines, "}"]

    # -- sums ------------------------------------------------------------------------------------

    def along(self, n: int, one: Along) -> list[str]:
        left = f"t + ({self.where.at[one.left.name]} + (b * {one.terms} + c) * {one.lefts}"
        lines = [f"for (long b = 0; b < {one.batch}; b++) for (long c = 0; c < {one.terms}; c++) {{"]
        if one.right is None:
            return [*lines, f"    alone(v{n}, {left}) * STRIDE, {one.lefts});", "}"]
        right = f"t + ({self.where.at[one.right.name]} + (b * {one.terms} + c) * {one.rights}"
        for i, rows, each in chunks(one.lefts, 4):
            for j, columns, wide in chunks(one.rights, 3):
                lines.append(f"    for (long i = {i}; i < {i + rows * each}; i += {each})")
                lines.append(f"        for (long j = {j}; j < {j + columns * wide}; j += {wide})")
                lines.append(
                    f"            along{each}{wide}(v{n} + (b * {one.lefts} + i) * {one.rights} + j, {one.rights}, "
                    f"{left} + i) * STRIDE, {right} + j) * STRIDE);"
                )
        return [*lines, "}"]

    def flush(self, n: int, one: Along) -> list[str]:
        """The sums of some strips added to those of the stretch."""
        shape = tuple(size for size, _ in one.steps)
        loops = places(len(shape))
        place = " + ".join([str(one.first), *(f"{p} * {step}" for p, (_, step) in zip(loops, one.steps))])
        entry = f"v{n}[{_flat(loops, shape)}]"
        inside = [f"added(total + ({place}), lost + ({place}), whole({entry}));", f"{entry} = (V){{0}};"]
        return self.loops(shape, inside)

    # -- places ----------------------------------------------------------------------------------

    def loops(self, shape: tuple[int, ...], inside: Iterable[str], skipped: int = 0) -> list[str]:
        """Loops over a shape, less its first axes."""
        heads = [f"for (long {p} = 0; {p} < {size}; {p}++) {{" for p, size in zip(places(len(shape)), shape)][skipped:]
        return ["{", *heads, *(f"    {line}" for line in inside), "}" * len(heads), "}"]

    def row(self, tile: Tile, indices: Sequence[Any]) -> str:
        """Where the entries of a tile's rows begin."""
        return f"t + ({self.where.at[tile.name]} + {_flat(indices, tile.shape)}) * STRIDE"


class _Names:
    """References of some bodies as names of numbers: what is the same for every row is read before the loop over rows."""

    def __init__(self, code: _Code, own: set[str], loops: Sequence[Any]) -> None:
        self.code, self.own, self.loops = code, own, tuple(loops)
        self.before: list[str] = []
        self.reads: list[str] = []
        self.found: dict[Any, Any] = {}

    def renamed(self, body: Any) -> Any:
        for delta in sorted(body.atoms(sp.KroneckerDelta), key=str):
            if delta not in self.found:
                self.found[delta] = sp.Symbol(f"same{len(self.found)}", real=True)
                self.before.append(f"const real {self.found[delta]} = {delta.args[0]} == {delta.args[1]};")
        inside = {r.base.label for r in body.atoms(sp.Indexed)}
        references = [
            *body.atoms(sp.Indexed),
            *(s for s in body.atoms(sp.Symbol) - inside if s.name in self.code.made.tiles),
        ]
        for reference in sorted(references, key=str):
            if reference not in self.found:
                self.found[reference] = self.named(reference)
        return body.xreplace(self.found)

    def named(self, reference: Any) -> Any:
        indices = reference.indices if isinstance(reference, sp.Indexed) else ()
        name = reference.base.label.name if isinstance(reference, sp.Indexed) else reference.name
        tile = self.code.made.tiles[name]
        same = tuple(indices) == self.loops[: len(indices)]
        if name in self.own and tuple(indices) == self.loops:
            return sp.Symbol(name, real=True)
        word = name if same else f"{name}_at{len(self.found)}"
        if tile.rows:
            self.before.append(f"const real *const p_{word} = {self.code.row(tile, indices)};")
            self.reads.append(f"const real {word} = p_{word}[r];")
        else:
            self.before.append(f"const real {word} = {self.code.fixed(tile)}[{_flat(indices, tile.shape)}];")
        return sp.Symbol(word, real=True)


def chunks(count: int, most: int) -> list[tuple[int, int, int]]:
    """(first, how many, of which size) of parts of nearly the same size, none larger than `most`."""
    parts = -(-count // most)
    large = -(-count // parts)
    few = count - parts * (large - 1)
    rest = [(few * large, parts - few, large - 1)] if parts > few else []
    return [(0, few, large), *rest]


def _array(tile: Tile) -> str:
    return f"a_{tile.name}"


def _flat(indices: Sequence[Any], shape: tuple[int, ...]) -> str:
    """The number of an entry."""
    return " + ".join([f"{i} * {prod(shape[k + 1 :])}" for k, i in enumerate(indices)] or ["0"])


def _over_rows(inside: Iterable[str]) -> list[str]:
    return ["#pragma omp simd", "for (int r = 0; r < STRIP; r++) {", *(f"    {line}" for line in inside), "}"]


def _lines(statements: Iterable[str], indent: int) -> str:
    return ("\n" + " " * indent).join(statements)
