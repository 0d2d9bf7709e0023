/* Random draws in blocks, eight lanes at a time: xoshiro256+ (Blackman and Vigna 2021, ACM TOMS 47, 36), normals by
   Box and Muller, PERT by cubics through its quantiles. The model's own two functions follow this file. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, BLOCK = 1024 };
typedef uint64_t Word __attribute__((vector_size(64)));
typedef struct { Word a, b, c, d; } State;

static uint64_t mixed(uint64_t *seed) {
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static State started(uint64_t seed) {
    State s;
    Word *words[] = {&s.a, &s.b, &s.c, &s.d};
    for (int k = 0; k < 4; k++)
        for (int l = 0; l < LANES; l++) (*words[k])[l] = mixed(&seed);
    return s;
}

/* between 0 and 1, neither of them met */
static void unit(State *s, double *restrict u, int n) {
    Word a = s->a, b = s->b, c = s->c, d = s->d;
    for (int i = 0; i < n; i += LANES) {
        Word bits = ((a + d) >> 12) | 0x3ff0000000000000u, t = b << 17;
        memcpy(u + i, &bits, sizeof bits);
        c ^= a, d ^= b, b ^= c, a ^= d, c ^= t;
        d = (d << 45) | (d >> 19);
    }
    s->a = a, s->b = b, s->c = c, s->d = d;
    for (int i = 0; i < n; i++) u[i] -= 1 - 0x1p-53;
}

static void standard(State *s, double *restrict z) {
    double u[BLOCK];
    unit(s, u, BLOCK);
    for (int i = 0; i < BLOCK / 2; i++) {
        double r = sqrt(-2 * log(u[i])), t = (u[i + BLOCK / 2] - 0.5) * 6.283185307179586, q = t * t;
        double cosine = 1 + q * (-1. / 2 + q * (1. / 24 + q * (-1. / 720 + q * (1. / 40320 + q * (-1. / 3628800
            + q * (1. / 479001600 + q * (-1. / 87178291200 + q * (1. / 20922789888000
            + q * (-1. / 6402373705728000 + q * (1. / 2432902008176640000))))))))));
        double sine = t * (1 + q * (-1. / 6 + q * (1. / 120 + q * (-1. / 5040 + q * (1. / 362880 + q * (-1. / 39916800
            + q * (1. / 6227020800 + q * (-1. / 1307674368000 + q * (1. / 355687428096000
            + q * (-1. / 121645100408832000)))))))))) ;
        z[i] = r * cosine;
        z[i + BLOCK / 2] = r * sine;
    }
}

static inline void uniform(State *s, double *restrict x, double low, double high) {
    unit(s, x, BLOCK);
    for (int i = 0; i < BLOCK; i++) x[i] = low + (high - low) * x[i];
}

static inline void normal(State *s, double *restrict x, double mean, double sd) {
    standard(s, x);
    for (int i = 0; i < BLOCK; i++) x[i] = mean + sd * x[i];
}

static inline void lognormal(State *s, double *restrict x, double mean, double sd) {
    standard(s, x);
    for (int i = 0; i < BLOCK; i++) x[i] = exp(mean + sd * x[i]);
}

static inline void triangular(State *s, double *restrict x, double low, double mode, double high) {
    double peak = (mode - low) / (high - low), left = (high - low) * (mode - low), right = (high - low) * (high - mode);
    unit(s, x, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
        double before = x[i] < peak, root = sqrt(before ? x[i] * left : (1 - x[i]) * right);
        x[i] = before ? low + root : high - root;
    }
}

static inline double cubic(const double *table, double place) {
    int cell = (int)place;
    const double *c = table + 4 * cell;
    double t = place - cell;
    return c[0] + t * (c[1] + t * (c[2] + t * c[3]));
}

static double ended(double inner, double u, const double *tables) {
    double first = u * CELLS, last = (u - 1) * CELLS + 1;
    if (first < 1) return cubic(tables + 4 * CELLS, first * CELLS);
    return last > 0 ? cubic(tables + 8 * CELLS, fmin(last * CELLS, CELLS - 1e-9)) : inner;
}

/* three tables of CELLS cubics: over all of (0, 1), over its first cell and over its last */
static inline void pert(State *s, double *restrict x, const double *restrict tables) {
    double u[BLOCK];
    unit(s, u, BLOCK);
    for (int i = 0; i < BLOCK; i++) x[i] = cubic(tables, u[i] * CELLS);
    for (int i = 0; i < BLOCK; i += 2 * LANES) {
        long outer = 0;
        for (int l = 0; l < 2 * LANES; l++) outer |= fabs(u[i + l] - 0.5) > 0.5 - 1. / CELLS;
        if (__builtin_expect(outer, 0))
            for (int l = i; l < i + 2 * LANES; l++) x[l] = ended(x[l], u[l], tables);
    }
}
