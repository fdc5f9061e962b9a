"""The loops of a strip that keep their numbers in registers: products of matrices, sums along rows, reading columns.

A vector holds LANES rows. A product keeps up to four entries times three vectors in registers, a sum along rows up to
four times three entries, so that most numbers are used several times for each time they are read.
"""

from __future__ import annotations

# Rows that a strip may have: whole vectors, three at a time (in float32 those of 64 bytes do not fit into the least);
# beside them a line of the cache lies free, or rows whose distance is a power of two would push each other out.
STRIPS, SPARE = (192, 96, 48, 24), 8

LOOPS = """\
#if defined(__AVX512F__)
#define BYTES 64
#ifdef SINGLE
#define MADD(a, b, c) ((V)__builtin_ia32_vfmaddps512_mask(a, b, c, -1, 4))
#else
#define MADD(a, b, c) ((V)__builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4))
#endif
#elif defined(__AVX2__) && defined(__FMA__)
#define BYTES 32
#ifdef SINGLE
#define MADD(a, b, c) __builtin_ia32_vfmaddps256(a, b, c)
#else
#define MADD(a, b, c) __builtin_ia32_vfmaddpd256(a, b, c)
#endif
#else
#define BYTES 16
#define MADD(a, b, c) ((a) * (b) + (c))
#endif
#define LANES (BYTES / (int)sizeof(real))
#define STRIDE (STRIP + SPARE)
/* Written out, so that arrays of vectors are registers. */
#define EACH(k, count) _Pragma("GCC unroll 4") for (int k = 0; k < count; k++)
#define INSIDE static inline __attribute__((always_inline))
typedef real V __attribute__((vector_size(BYTES)));
/* Of arrays of numbers: what is read as a vector was written as numbers. */
typedef V W __attribute__((may_alias));

/* out[o] = sum over c of w[c, o]·x[c], each a vector of rows. */
INSIDE void products(real *out, const real *w, const real *x, const long terms, const int outs) {
    for (int r = 0; r < STRIP; r += 3 * LANES) {
        V a[4][3];
        EACH(o, outs) EACH(k, 3) a[o][k] = (V){0};
        for (long c = 0; c < terms; c++) {
            const W *b = (const W *)(x + c * STRIDE + r);
            const V b0 = b[0], b1 = b[1], b2 = b[2];
            EACH(o, outs) {
                const V f = w[c * outs + o] - (V){0};
                a[o][0] = MADD(f, b0, a[o][0]); a[o][1] = MADD(f, b1, a[o][1]); a[o][2] = MADD(f, b2, a[o][2]);
            }
        }
        EACH(o, outs) EACH(k, 3) *(W *)(out + o * STRIDE + r + k * LANES) = a[o][k];
    }
}
#define PRODUCTS(n) static void products##n(real *out, const real *w, const real *x, const long terms) { \\
    products(out, w, x, terms, n); }
PRODUCTS(1) PRODUCTS(2) PRODUCTS(3) PRODUCTS(4)

/* v[i, j] += sum over rows of x[i]·y[j]. */
INSIDE void along(V *v, const long step, const real *x, const real *y, const int lefts, const int rights) {
    V a[4][3];
    EACH(i, lefts) EACH(j, rights) a[i][j] = v[i * step + j];
    for (int r = 0; r < STRIP; r += LANES) {
        V b[3];
        EACH(j, rights) b[j] = *(const W *)(y + j * STRIDE + r);
        EACH(i, lefts) {
            const V f = *(const W *)(x + i * STRIDE + r);
            EACH(j, rights) a[i][j] = MADD(f, b[j], a[i][j]);
        }
    }
    EACH(i, lefts) EACH(j, rights) v[i * step + j] = a[i][j];
}
#define ALONG(n, m) static void along##n##m(V *v, const long step, const real *x, const real *y) { \\
    along(v, step, x, y, n, m); }
ALONG(1, 1) ALONG(1, 2) ALONG(1, 3) ALONG(2, 1) ALONG(2, 2) ALONG(2, 3)
ALONG(3, 1) ALONG(3, 2) ALONG(3, 3) ALONG(4, 1) ALONG(4, 2) ALONG(4, 3)

/* v[i] += sum over rows of x[i]. */
static void alone(V *v, const real *x, const long count) {
    for (long i = 0; i < count; i++) {
        V a[3] = {v[i], {0}, {0}};
        for (int r = 0; r < STRIP; r += 3 * LANES)
            EACH(k, 3) a[k] += *(const W *)(x + i * STRIDE + r + k * LANES);
        v[i] = (a[0] + a[1]) + a[2];
    }
}

static double whole(const V v) {
    double total = 0;
    for (int k = 0; k < LANES; k++) total += v[k];
    return total;
}

/* Rows of a column beside each other, four times four entries at a time; rows that are missing from the last strip are
   its last row again. */
#define FOURS (4 * sizeof(real))
typedef real Q __attribute__((vector_size(FOURS)));
typedef real U __attribute__((vector_size(FOURS), aligned(sizeof(real)), may_alias));
#ifdef SINGLE
typedef int P __attribute__((vector_size(FOURS)));
#else
typedef long long P __attribute__((vector_size(FOURS)));
#endif
#define FOUR(a, b, i, j, k, l) __builtin_shuffle(a, b, (P){i, j, k, l})
static void beside(real *t, const real *x, const long width, const long rows) {
    const long whole = rows / 4 * 4, most = width / 4 * 4;
    for (long r = 0; r < whole; r += 4) {
        const real *a = x + r * width;
        for (long k = 0; k < most; k += 4) {
            const Q a0 = *(U *)(a + k), a1 = *(U *)(a + width + k), a2 = *(U *)(a + 2 * width + k), a3 = *(U *)(a + 3 * width + k);
            const Q b0 = FOUR(a0, a1, 0, 4, 2, 6), b1 = FOUR(a0, a1, 1, 5, 3, 7);
            const Q b2 = FOUR(a2, a3, 0, 4, 2, 6), b3 = FOUR(a2, a3, 1, 5, 3, 7);
            real *to = t + k * STRIDE + r;
            *(U *)to = FOUR(b0, b2, 0, 1, 4, 5);
            *(U *)(to + STRIDE) = FOUR(b1, b3, 0, 1, 4, 5);
            *(U *)(to + 2 * STRIDE) = FOUR(b0, b2, 2, 3, 6, 7);
            *(U *)(to + 3 * STRIDE) = FOUR(b1, b3, 2, 3, 6, 7);
        }
        for (long k = most; k < width; k++)
            for (long i = 0; i < 4; i++) t[k * STRIDE + r + i] = a[i * width + k];
    }
    for (long k = 0; k < width; k++) {
        for (long r = whole; r < rows; r++) t[k * STRIDE + r] = x[r * width + k];
        for (long r = rows; r < STRIP; r++) t[k * STRIDE + r] = t[k * STRIDE + rows - 1];
    }
}

/* Rows that are missing add nothing. */
static void cleared(real *t, const long count, const long rows) {
    for (long k = 0; k < count; k++)
        for (long r = rows; r < STRIP; r++) t[k * STRIDE + r] = 0;
}
"""
