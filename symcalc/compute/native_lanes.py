"""The C of many runs at once: lanes side by side, each its own run.

Many lanes take a step together, so that the compiler can put them into vector registers and none waits for its own step
before. They are looked at after every block of steps: a lane about which something has to be said (a number that is not
finite, a point that stands still, a gradient near the tolerance) goes back to where the block began and walks it alone,
and the loop says itself why a run ended. A point that moved in the last step of a block stood still for no longer than
that, so that no other step has to be looked at.
"""

from __future__ import annotations

# Why a run ended.
OUT_OF_STEPS, CONVERGED, STALLED, NOT_FINITE = range(4)
# Lanes side by side: enough registers of four that the next one has begun before the first has ended.
TOGETHER = 32

C = """\
/* The Euclidean length, safe from overflow, as the ordinary loop measures it. */
static double length_of(const double *h) {{
    double largest = 0, sum = 0;
    for (int e = 0; e < {size}; e++) {{
        if (h[e] != h[e]) return h[e];
        if (fabs(h[e]) > largest) largest = fabs(h[e]);
    }}
    if (largest == 0 || largest - largest != 0) return largest;
    for (int e = 0; e < {size}; e++) sum += (h[e] / largest) * (h[e] / largest);
    return largest * sqrt(sum);
}}

typedef struct {{
    const double *rates, *a, *tables;
    double *p, *q, *g, *losses, *lowest, *history;
    long long *taken, *stills;
    int *why;
    double first, tolerance, close;
    long long width, stride;
}} Runs;

/* One run alone, from step k0 to step k1 of this call. */
static void alone(const Runs *r, long long lane, long long k0, long long k1) {{
    const double *a = r->a, *tables = r->tables;
    const double first = r->first, rate = r->rates[lane];
    const long long width = r->width;
    double *p = r->p + lane * {size}, *q = r->q + lane * {remembered}, *g = r->g + lane * {size};
    double value = r->losses[lane], low = r->lowest[lane];
    {given}
    {start}
    long long k = k0, stood = r->stills[lane];
    int ended = {out_of_steps};
    for (; k < k1; k++) {{
        {step}
        if ({still}) {{
            stood++;
            if (stood >= {patience} || ({frozen})) {{ ended = {stalled}; break; }}
        }} else stood = 0;
        {commit}
        value = f;
        if (f < low) low = f;
        if (r->history) r->history[lane * r->stride + k] = f;
        double squares = {squares}, total = f + squares + {sum};
        if (!(total - total == 0) && !({finite})) {{ ended = {not_finite}; k++; break; }}
        if (squares < r->close) {{
            const double slopes[] = {{{slopes}}};
            if (length_of(slopes) < r->tolerance) {{ ended = {converged}; k++; break; }}
        }}
    }}
    {back}
    r->losses[lane] = value; r->lowest[lane] = low; r->taken[lane] += k - k0; r->stills[lane] = stood;
    r->why[lane] = ended;
}}

#define WIDE {together}
#define BLOCK 16
#define FEW 3
#define NUMBERS {numbers}

/* The numbers of a run: where they are kept, and beside those of the others. */
static void load(const Runs *r, long long lane, double now[][WIDE], int l) {{
    for (int e = 0; e < {size}; e++) now[e][l] = r->p[lane * {size} + e];
    for (int e = 0; e < {remembered}; e++) now[{size} + e][l] = r->q[lane * {remembered} + e];
    for (int e = 0; e < {size}; e++) now[{size} + {remembered} + e][l] = r->g[lane * {size} + e];
    now[NUMBERS - 2][l] = r->losses[lane];
    now[NUMBERS - 1][l] = r->lowest[lane];
}}

static void unload(const Runs *r, long long lane, double now[][WIDE], int l, long long taken) {{
    for (int e = 0; e < {size}; e++) r->p[lane * {size} + e] = now[e][l];
    for (int e = 0; e < {remembered}; e++) r->q[lane * {remembered} + e] = now[{size} + e][l];
    for (int e = 0; e < {size}; e++) r->g[lane * {size} + e] = now[{size} + {remembered} + e][l];
    r->losses[lane] = now[NUMBERS - 2][l];
    r->lowest[lane] = now[NUMBERS - 1][l];
    r->taken[lane] += taken;
    /* A block that ended with a step that moved ends every standing still. */
    if (taken) r->stills[lane] = 0;
}}

/* Runs side by side, a block of steps at a time; those about which something has to be said take it once more, alone. */
static void together(const Runs *r, long long lane, int lanes, long long count) {{
    const double *a = r->a, *tables = r->tables;
    const double first = r->first, close = r->close;
    const long long width = r->width;
    {given}
    double now[NUMBERS][WIDE], kept[NUMBERS][WIDE], last[{size}][WIDE], rates[WIDE], sums[WIDE], least[WIDE];
    long long since[WIDE];
    int alive[WIDE], left = 0;
    for (int l = 0; l < WIDE; l++) {{
        /* What is too few is filled up with copies that are not kept. */
        const long long own = lane + (l < lanes ? l : lanes - 1);
        rates[l] = r->rates[own];
        since[l] = 0;
        load(r, own, now, l);
        alive[l] = l < lanes && r->why[own] == {out_of_steps};
        left += alive[l];
    }}
    for (long long begin = 0; begin < count && left; begin += BLOCK) {{
        const long long end = begin + BLOCK < count ? begin + BLOCK : count;
        memcpy(kept, now, sizeof now);
        for (int l = 0; l < WIDE; l++) {{ sums[l] = 0; least[l] = INFINITY; }}
        for (long long k = begin; k < end; k++) {{
            {tables}
            if (k == end - 1) memcpy(last, now, sizeof last);
            for (int l = 0; l < WIDE; l++) {{
                const double rate = rates[l];
                {lane_start}
                {lane_step}
                const double squares = {squares};
                sums[l] += f + squares + {sum};
                least[l] = squares < least[l] ? squares : least[l];
                {lane_commit}
                now[NUMBERS - 2][l] = f;
                now[NUMBERS - 1][l] = f < now[NUMBERS - 1][l] ? f : now[NUMBERS - 1][l];
            }}
            if (r->history)
                for (int l = 0; l < lanes; l++)
                    if (alive[l]) r->history[(lane + l) * r->stride + k] = now[NUMBERS - 2][l];
        }}
        for (int l = 0; l < lanes; l++) {{
            int still = 1;
            for (int e = 0; e < {size}; e++) still &= now[e][l] == last[e][l];
            if (!alive[l] || (sums[l] - sums[l] == 0 && !(least[l] < close) && !still)) continue;
            if (r->history)
                for (long long k = begin; k < end; k++) r->history[(lane + l) * r->stride + k] = NAN;
            unload(r, lane + l, kept, l, begin - since[l]);
            alone(r, lane + l, begin, end);
            load(r, lane + l, now, l);
            since[l] = end;
            alive[l] = r->why[lane + l] == {out_of_steps};
            left -= !alive[l];
        }}
    }}
    for (int l = 0; l < lanes; l++)
        if (alive[l]) unload(r, lane + l, now, l, count - since[l]);
}}

void many(long long begin, long long end, long long count, double first, const double *rates, const double *a,
          const double *tables, long long width, double *p, double *q, double *g, double *losses, double *lowest,
          long long *taken, long long *stills, int *why, double *history, long long stride, double tolerance) {{
    double close = tolerance * tolerance * (1 + 1e-9);
    if (tolerance > 0 && close < 1e-280) close = 1e-280;
    const Runs runs = {{rates, a, tables, p, q, g, losses, lowest, history, taken, stills, why, first, tolerance,
                       close, width, stride}};
    for (long long lane = begin; lane < end; lane += WIDE) {{
        const int lanes = end - lane < WIDE ? (int)(end - lane) : WIDE;
        if (lanes >= FEW) {{ together(&runs, lane, lanes, count); continue; }}
        for (int l = 0; l < lanes; l++)
            if (why[lane + l] == {out_of_steps}) alone(&runs, lane + l, 0, count);
    }}
}}
"""
