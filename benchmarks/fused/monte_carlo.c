/* Draws, formulas and statistics of one model in one pass over blocks; quantiles by a histogram and the few values in
   the cell that each one falls in. */
enum { BINS = 16384 };

static int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *values, long n, const long *counts, double low, double width, double p) {
    long rank = (long)(p * (n - 1)), before = 0, found = 0;
    int bin = 0;
    while (before + counts[bin] <= rank) before += counts[bin++];
    double *few = malloc((counts[bin] + 1) * sizeof *few);
    for (long i = 0; i < n; i++)
        if ((int)((values[i] - low) * width) == bin) few[found++] = values[i];
    qsort(few, found, sizeof *few, rising);
    double value = few[rank - before];
    free(few);
    return value;
}

void simulate(long n, uint64_t seed, double target, const double *tables, double *restrict values, double *found) {
    static double x[LEAVES][BLOCK] __attribute__((aligned(64)));
    static long counts[BINS + 1];
    double out[BLOCK], sum = 0, squares = 0, low = INFINITY, high = -INFINITY, about = 0, hits = 0;
    State s = started(seed);
    for (long start = 0; start < n; start += BLOCK) {
        long b = n - start < BLOCK ? n - start : BLOCK;
        draw(&s, x, tables);
        formulas(x, out);
        if (!start) about = out[0];
        for (long i = 0; i < b; i++) {
            double apart = out[i] - about;
            sum += apart, squares += apart * apart, hits += out[i] >= target;
            low = fmin(low, out[i]), high = fmax(high, out[i]);
            values[start + i] = out[i];
        }
    }
    double width = BINS / (high - low), probabilities[] = {0.05, 0.5, 0.95};
    memset(counts, 0, sizeof counts);
    for (long i = 0; i < n; i++) counts[(int)((values[i] - low) * width)]++;
    found[0] = about + sum / n;
    found[1] = sqrt((squares - sum * sum / n) / (n - 1));
    for (int k = 0; k < 3; k++) found[2 + k] = quantile(values, n, counts, low, width, probabilities[k]);
    found[5] = hits / n;
}
