"""A pass over rows as C: one loop over the rows of a strip, with every sum in a register.

A column is read once; what is worked out for a row never leaves the processor. A strip's sums are put together with
what their roundings lost (Neumaier 1974), a stretch of strips belongs to one thread, and the stretches are put together
in order, so the answer is the same to the last bit for any number of threads.
"""

from __future__ import annotations

import sympy as sp

from symcalc.compute.dialects import words
from symcalc.compute.masks import merged
from symcalc.compute.powers import multiplied
from symcalc.compute.row_lines import RowLines
from symcalc.compute.row_words import HEAD, InRows
from symcalc.compute.shared import shared

# Rows between two looks at what the roundings of sums lost, and bytes of data that stay in the nearest cache.
STRIP, _NEAREST = 1024, 32_768

STRETCH = """\
#define SIZE {size}
#define STRIP {strip}
/* Strips between two looks at the roundings of sums along a row. */
#define STRIPS (sizeof(real) == 4 ? 1 : 16)

static void stretch(long long first, long long last, const double *given, const real *const *columns,
                    double *restrict total) {{
    double *restrict lost = total + SIZE;
    {known}
    long long strips = 0;
    for (long long at = first; at < last; at += STRIP) {{
        const long long end = at + STRIP < last ? at + STRIP : last;
        {dots}
        {start}
        #pragma omp simd{reduction}
        for (long long i = at; i < end; i++) {{
            {lines}
        }}
        {put}
        {outers}
    }}
}}
"""

# What every pass has: taking stretches until none is left, and putting them together.
WALK = """
void walk(long long *next, long long parts, long long rows, long long block, const double *given,
          const real *const *columns, double *found) {
    const long long blocks = (rows + block - 1) / block;
    for (;;) {
        const long long part = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
        if (part >= parts) return;
        const long long first = part * blocks / parts * block, last = (part + 1) * blocks / parts * block;
        stretch(first, last < rows ? last : rows, given, columns, found + part * 2 * SIZE);
    }
}

void together(long long parts, const double *found, double *out) {
    for (long long k = 0; k < SIZE; k++) {
        double total = 0, lost = 0;
        for (long long part = 0; part < parts; part++) {
            added(&total, &lost, found[part * 2 * SIZE + k]);
            lost += found[part * 2 * SIZE + SIZE + k];
        }
        /* Beyond the finite numbers nothing was lost that could be put back. */
        out[k] = isfinite(lost) ? total + lost : total;
    }
}
"""

# Four rows side by side, so that no sum waits for the one before.
DOT = """\
for (long long i = at; i < end; i += 4) {{
            const real *x0 = c{column} + i * {length}, *x1 = i + 1 < end ? x0 + {length} : x0;
            const real *x2 = i + 2 < end ? x1 + {length} : x0, *x3 = i + 3 < end ? x2 + {length} : x0;
            real s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            #pragma omp simd reduction(+:s0,s1,s2,s3)
            for (int j = 0; j < {length}; j++) {{
                s0 = FMA(x0[j], w{n}[j], s0); s1 = FMA(x1[j], w{n}[j], s1);
                s2 = FMA(x2[j], w{n}[j], s2); s3 = FMA(x3[j], w{n}[j], s3);
            }}
            d{n}[i - at] = s0; d{n}[i - at + 1] = s1; d{n}[i - at + 2] = s2; d{n}[i - at + 3] = s3;
        }}"""

OUTER = """\
for (long long i = at; i < end; i += 4) {{
            const real *x0 = c{column} + i * {length};
            if (i + 4 > end) {{
                for (; i < end; i++, x0 += {length})
                    #pragma omp simd
                    for (int j = 0; j < {length}; j++) v{n}[j] = FMA(x0[j], along{n}[i - at], v{n}[j]);
                break;
            }}
            const real *x1 = x0 + {length}, *x2 = x1 + {length}, *x3 = x2 + {length};
            const real f0 = along{n}[i - at], f1 = along{n}[i - at + 1], f2 = along{n}[i - at + 2], f3 = along{n}[i - at + 3];
            #pragma omp simd
            for (int j = 0; j < {length}; j++)
                v{n}[j] = FMA(x3[j], f3, FMA(x2[j], f2, FMA(x1[j], f1, FMA(x0[j], f0, v{n}[j]))));
        }}"""

# The rows that a last group of four lacks count nothing.
SQUARE = """\
for (long long i = at; i < end; i += 4) {{
            const long long i1 = i + 1 < end ? i + 1 : i, i2 = i + 2 < end ? i + 2 : i, i3 = i + 3 < end ? i + 3 : i;
            const real f0 = factor{n}[i - at], f1 = i1 > i ? factor{n}[i1 - at] : 0;
            const real f2 = i2 > i ? factor{n}[i2 - at] : 0, f3 = i3 > i ? factor{n}[i3 - at] : 0;
            const real *l0 = c{left} + i * {high}, *l1 = c{left} + i1 * {high}, *l2 = c{left} + i2 * {high}, *l3 = c{left} + i3 * {high};
            const real *r0 = c{right} + i * {wide}, *r1 = c{right} + i1 * {wide}, *r2 = c{right} + i2 * {wide}, *r3 = c{right} + i3 * {wide};
            for (int k = 0; k < {high}; k++) {{
                const real a0 = f0 * l0[k], a1 = f1 * l1[k], a2 = f2 * l2[k], a3 = f3 * l3[k];
                #pragma omp simd
                for (int j = 0; j < {wide}; j++)
                    s{n}_[k * {wide} + j] = FMA(r3[j], a3, FMA(r2[j], a2, FMA(r1[j], a1, FMA(r0[j], a0, s{n}_[k * {wide} + j]))));
            }}
        }}"""

FLUSH = """\
for (int j = 0; j < {length}; j++) {{
                added(total + {first} + j * {step}, lost + {first} + j * {step}, {kept}[j]);
                {kept}[j] = 0;
            }}"""


def source(made: RowLines) -> str:
    """The C code of a pass: `walk` over its stretches, and `together`."""
    printer = InRows()
    sums = [(sp.Symbol(f"s{k}", real=True), expression) for k, (_, expression) in enumerate(made.sums)]
    steps = multiplied(merged(shared([*made.lines, *sums])))
    code = [(str(symbol), printer.doprint(value)) for symbol, value in steps]
    own = {str(name) for name, _ in sums}
    lines = [f"{name} += {text};" if name in own else f"const real {name} = {text};" for name, text in code]
    factors = [str(o.factor) for o in made.outers] + [str(o.factor) for o in made.squares]
    used = set().union(*(words(text) for _, text in code), *map(words, factors))
    reads = [f"const real {word} = {_entry(word, made)};" for word in sorted(used & made.read.keys())]
    reads += [f"const real {d.symbol} = d{n}[i - at];" for n, d in enumerate(made.dots) if str(d.symbol) in used]
    lines += [f"along{n}[i - at] = {o.factor};" for n, o in enumerate(made.outers)]
    lines += [f"factor{n}[i - at] = {o.factor};" for n, o in enumerate(made.squares)]
    kept = [FLUSH.format(kept=f"v{n}", **vars(o)) for n, o in enumerate(made.outers)]
    kept += [
        FLUSH.format(kept=f"s{n}_", length=o.high * o.wide, first=o.first, step=1) for n, o in enumerate(made.squares)
    ]
    flushed = "\n            ".join(kept)
    put = [f"added(total + {place}, lost + {place}, s{k});" for k, (place, _) in enumerate(made.sums)]
    outers = [OUTER.format(n=n, **vars(o)) for n, o in enumerate(made.outers)]
    outers += [SQUARE.format(n=n, **vars(o)) for n, o in enumerate(made.squares)]
    if outers:
        outers.append(
            f"if (++strips == STRIPS || end == last) {{\n            strips = 0;\n            {flushed}\n        }}"
        )
    body = STRETCH.format(
        size=made.size, strip=strip(made), known=_lines(_known(made, printer, used), 4),
        dots=_lines([DOT.format(n=n, **vars(d)) for n, d in enumerate(made.dots)], 8),
        start=_lines([f"real s{k} = 0;" for k in range(len(sums))], 8),
        reduction=f" reduction(+:{','.join(str(name) for name, _ in sums)})" if sums else "",
        lines=_lines([*reads, *lines], 12), put=_lines(put, 8), outers=_lines(outers, 8),
    )  # fmt: skip
    return HEAD + "".join(printer.own.values()) + body + WALK


def strip(made: RowLines) -> int:
    """Rows whose entries stay in the nearest cache between two loops over them."""
    lengths = (*(d.length for d in made.dots), *(o.length for o in made.outers), *(o.wide for o in made.squares))
    entries = max(lengths, default=0)
    return STRIP if not entries else max(8, min(STRIP, _NEAREST // (8 * entries) // 8 * 8))


def _known(made: RowLines, printer: InRows, used: set[str]) -> list[str]:
    """What is the same for every row, and the arrays of a strip."""
    found = [f"const real *restrict c{k} = columns[{k}];" for k in range(len(made.columns))]
    hoisted = [(str(symbol), printer.doprint(value)) for symbol, value in made.hoisted.items()]
    weights = [printer.doprint(d.weight) for d in made.dots]
    read = used.union(*(words(text) for _, text in hoisted), *map(words, weights))
    found += [f"const real {word} = given[{place}];" for word, place in made.numbers.items() if word in read]
    found += [f"const real {name} = {text};" for name, text in hoisted]
    for n, (d, text) in enumerate(zip(made.dots, weights)):
        inner = "".join(f"const real {s} = given[{first} + j * {step}]; " for s, first, step in d.entries)
        found += [f"real w{n}[{d.length}], d{n}[STRIP + 4];"]
        found += [f"for (int j = 0; j < {d.length}; j++) {{ {inner}w{n}[j] = {text}; }}"]
    for n, o in enumerate(made.outers):
        found += [f"real along{n}[STRIP], v{n}[{o.length}];", f"for (int j = 0; j < {o.length}; j++) v{n}[j] = 0;"]
    for n, s in enumerate(made.squares):
        found += [f"real factor{n}[STRIP], s{n}_[{s.high * s.wide}];"]
        found += [f"for (int j = 0; j < {s.high * s.wide}; j++) s{n}_[j] = 0;"]
    return found


def _entry(word: str, made: RowLines) -> str:
    """How an entry of a row of data is read."""
    column, entry = made.read[word]
    width = made.columns[column][1]
    return f"c{column}[i]" if width == 1 else f"c{column}[i * {width} + {entry}]"


def _lines(statements: list[str], indent: int) -> str:
    return ("\n" + " " * indent).join(statements)
