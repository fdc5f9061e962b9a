"""The C of many runs at once: lanes side by side, each its own run.

Eight lanes take a step together, so that the compiler can put them into vector registers. A lane about which something
has to be said (a number that is not finite, a point that stands still, a gradient near the tolerance) takes that step
alone, and the loop says itself why a run ended.
"""

from __future__ import annotations

# Why a run ended.
OUT_OF_STEPS, CONVERGED, STALLED, NOT_FINITE = range(4)

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

#define WIDE 8

/* Eight runs side by side. */
static void together(const Runs *r, long long lane, long long count) {{
    const double *a = r->a, *tables = r->tables;
    const double first = r->first, close = r->close;
    const long long width = r->width;
    {given}
    double {wide};
    double alive[WIDE], rates[WIDE], values[WIDE], lows[WIDE], events[WIDE];
    long long since[WIDE];
    int left = 0;
    for (int l = 0; l < WIDE; l++) {{
        rates[l] = r->rates[lane + l];
        since[l] = 0;
        {load}
        left += alive[l] != 0;
    }}
    for (long long k = 0; k < count && left; k++) {{
        {tables}
        double any = 0;
        for (int l = 0; l < WIDE; l++) {{
            const double rate = rates[l];
            {lane_start}
            {lane_step}
            const double squares = {squares}, total = f + squares + {sum};
            const double event = (!(total - total == 0)) | (squares < close) | ({still_bits});
            events[l] = alive[l] * event;
            any += events[l];
            {lane_new}
            NF[l] = f;
        }}
        if (any == 0) {{
            for (int l = 0; l < WIDE; l++) {{
                {lane_commit}
                values[l] = NF[l];
                lows[l] = NF[l] < lows[l] ? NF[l] : lows[l];
            }}
        }} else {{
            for (int l = 0; l < WIDE; l++) {{
                if (events[l] == 0) {{
                    {lane_commit}
                    values[l] = NF[l];
                    lows[l] = NF[l] < lows[l] ? NF[l] : lows[l];
                    continue;
                }}
                {unload}
                alone(r, lane + l, k, k + 1);
                {load}
                since[l] = k + 1;
                left -= alive[l] == 0;
            }}
        }}
        if (r->history)
            for (int l = 0; l < WIDE; l++)
                if (alive[l] != 0) r->history[(lane + l) * r->stride + k] = NF[l];
    }}
    for (int l = 0; l < WIDE; l++) {{
        if (alive[l] == 0) continue;
        const long long k = count;
        {unload}
    }}
}}

void many(long long begin, long long end, long long count, double first, const double *rates, const double *a,
          const double *tables, long long width, double *p, double *q, double *g, double *losses, double *lowest,
          long long *taken, long long *stills, int *why, double *history, long long stride, double tolerance) {{
    double close = tolerance * tolerance * (1 + 1e-9);
    if (tolerance > 0 && close < 1e-280) close = 1e-280;
    const Runs runs = {{rates, a, tables, p, q, g, losses, lowest, history, taken, stills, why, first, tolerance,
                       close, width, stride}};
    long long lane = begin;
    for (; lane + WIDE <= end; lane += WIDE) together(&runs, lane, count);
    for (; lane < end; lane++)
        if (why[lane] == {out_of_steps}) alone(&runs, lane, 0, count);
}}
"""
