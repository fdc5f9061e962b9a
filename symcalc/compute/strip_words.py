"""The loops of a strip that keep their numbers in registers: products of matrices, sums along rows, reading columns.

A vector holds LANES rows. A product keeps up to four entries times three vectors in registers, a sum along rows up to
four times three entries, so that most numbers are used several times for each time they are read.
"""

from __future__ import annotations

# Rows that a strip may have: whole vectors, three at a time; beside them a line of the cache lies free, or rows whose
# distance is a power of two would push each other out.
STRIPS, SPARE = (192, 96, 48, 24), 8

LOOPS = """\
#if defined(__AVX512F__)
#define LANES 8
#define MADD(a, b, c) ((V)__builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4))
#elif defined(__AVX2__) && defined(__FMA__)
#define LANES 4
#define MADD(a, b, c) __builtin_ia32_vfmaddpd256(a, b, c)
#else
#define LANES 2
#define MADD(a, b, c) ((a) * (b) + (c))
#endif
#define STRIDE (STRIP + SPARE)
#define INSIDE static inline __attribute__((always_inline))
typedef double V __attribute__((vector_size(8 * LANES)));
/* Of arrays of doubles: what is read as a vector was written as numbers. */
typedef V W __attribute__((may_alias));

/* out[o] = sum over c of w[c, o]·x[c], each a vector of rows. */
INSIDE void products(double *out, const double *w, const double *x, const long terms, const int outs) {
    for (int r = 0; r < STRIP; r += 3 * LANES) {
        V a[4][3];
        for (int o = 0; o < outs; o++) for (int k = 0; k < 3; k++) a[o][k] = (V){0};
        for (long c = 0; c < terms; c++) {
            const W *b = (const W *)(x + c * STRIDE + r);
            const V b0 = b[0], b1 = b[1], b2 = b[2];
            for (int o = 0; o < outs; o++) {
                const V f = w[c * outs + o] - (V){0};
                a[o][0] = MADD(f, b0, a[o][0]); a[o][1] = MADD(f, b1, a[o][1]); a[o][2] = MADD(f, b2, a[o][2]);
            }
        }
        for (int o = 0; o < outs; o++) for (int k = 0; k < 3; k++) *(W *)(out + o * STRIDE + r + k * LANES) = a[o][k];
    }
}
#define PRODUCTS(n) static void products##n(double *out, const double *w, const double *x, const long terms) { \\
    products(out, w, x, terms, n); }
PRODUCTS(1) PRODUCTS(2) PRODUCTS(3) PRODUCTS(4)

/* v[i, j] += sum over rows of x[i]·y[j]. */
INSIDE void along(V *v, const long step, const double *x, const double *y, const int lefts, const int rights) {
    V a[4][3];
    for (int i = 0; i < lefts; i++) for (int j = 0; j < rights; j++) a[i][j] = v[i * step + j];
    for (int r = 0; r < STRIP; r += LANES) {
        V b[3];
        for (int j = 0; j < rights; j++) b[j] = *(const W *)(y + j * STRIDE + r);
        for (int i = 0; i < lefts; i++) {
            const V f = *(const W *)(x + i * STRIDE + r);
            for (int j = 0; j < rights; j++) a[i][j] = MADD(f, b[j], a[i][j]);
        }
    }
    for (int i = 0; i < lefts; i++) for (int j = 0; j < rights; j++) v[i * step + j] = a[i][j];
}
#define ALONG(n, m) static void along##n##m(V *v, const long step, const double *x, const double *y) { \\
    along(v, step, x, y, n, m); }
ALONG(1, 1) ALONG(1, 2) ALONG(1, 3) ALONG(2, 1) ALONG(2, 2) ALONG(2, 3)
ALONG(3, 1) ALONG(3, 2) ALONG(3, 3) ALONG(4, 1) ALONG(4, 2) ALONG(4, 3)

/* v[i] += sum over rows of x[i]. */
static void alone(V *v, const double *x, const long count) {
    for (long i = 0; i < count; i++) {
        V a[3] = {v[i], {0}, {0}};
        for (int r = 0; r < STRIP; r += 3 * LANES)
            for (int k = 0; k < 3; k++) a[k] += *(const W *)(x + i * STRIDE + r + k * LANES);
        v[i] = (a[0] + a[1]) + a[2];
    }
}

static double whole(const V v) {
    double total = 0;
    for (int k = 0; k < LANES; k++) total += v[k];
    return total;
}

/* Rows of a column beside each other; rows that are missing from the last strip are its last row again. */
static void beside(double *t, const double *x, const long width, const long rows) {
    for (long r = 0; r < rows; r++)
        for (long k = 0; k < width; k++) t[k * STRIDE + r] = x[r * width + k];
    for (long k = 0; k < width; k++)
        for (long r = rows; r < STRIP; r++) t[k * STRIDE + r] = t[k * STRIDE + rows - 1];
}

/* Rows that are missing add nothing. */
static void cleared(double *t, const long count, const long rows) {
    for (long k = 0; k < count; k++)
        for (long r = rows; r < STRIP; r++) t[k * STRIDE + r] = 0;
}
"""
