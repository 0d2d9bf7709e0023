"""How fast could it be? The same workload as one C program, made for it, compiled here and called in this process.

It is no library and answers no other question: the limit that a tool for any model is held against.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.measure import HOME, left_out
from benchmarks.workloads import Array, Leaf, Workload

COMPILE = ("gcc", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fPIC", "-c")
CELLS = 1024
KEPT = tempfile.TemporaryDirectory(prefix="fused")


def built(source: str) -> ctypes.CDLL | None:
    """The library of a C text; None, said aloud, without gcc.

    Linked without -ffast-math, which would set the whole process to flush small numbers to zero.
    """
    if shutil.which("gcc") is None:
        left_out("gcc is not there: the fused C program does not take part")
        return None
    folder = Path(tempfile.mkdtemp(dir=KEPT.name))
    (folder / "fused.c").write_text(source, encoding="utf-8")
    subprocess.run([*COMPILE, "fused.c", f"-I{HOME / 'fused'}"], cwd=folder, check=True)
    subprocess.run(["gcc", "-shared", "fused.o", "-o", "fused.so", "-lmvec", "-lm"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "fused.so"))


def evaluation(workload: Workload) -> Callable[[Array, Array], None] | None:
    """One loop over the samples that computes the KGI from the leaves: from ``(d, n)`` levels into ``(n,)``."""
    lines = [f"double {id} = x[{k} * stride + i];" for k, id in enumerate(workload.leaves)]
    head = "void evaluate(long n, long stride, const double *restrict x, double *restrict out)"
    loop = f"{{ for (long i = 0; i < n; i++) {{ {' '.join([*lines, *_statements(workload)])} }} }}"
    library = built(f"#include <math.h>\n{head} {loop}\n")
    if library is None:
        return None

    def run(x: Array, out: Array) -> None:
        stride = x.strides[0] // x.itemsize
        library.evaluate(ctypes.c_long(len(out)), ctypes.c_long(stride), _pointer(x), _pointer(out))

    return run


def monte_carlo(workload: Workload) -> Callable[[int, int], dict[str, float]] | None:
    """The whole run from (samples, seed) to its figures: draws, formulas and statistics of `fused/monte_carlo.c`."""
    library = built(_model(workload) + '#include "monte_carlo.c"\n')
    if library is None:
        return None
    tables = np.array(tables_of(tuple(workload.leaves.values())))

    def run(n: int, seed: int) -> dict[str, float]:
        values, found = np.empty(n), np.empty(6)
        sizes = ctypes.c_long(n), ctypes.c_ulong(seed), ctypes.c_double(workload.target)
        library.simulate(*sizes, _pointer(tables), _pointer(values), _pointer(found))
        return dict(zip(("mean", "sd", "p05", "p50", "p95", "probability"), map(float, found), strict=True))

    return run


def _pointer(array: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _statements(workload: Workload) -> list[str]:
    return [*(f"double {id} = {text};" for id, text in workload.spelled("c").items()), f"out[i] = {workload.kgi};"]


def _model(workload: Workload) -> str:
    """The two functions that the model brings to the program: its draws and its formulas, block by block."""
    draws, place = [], 0
    for k, leaf in enumerate(workload.leaves.values()):
        if leaf.family == "pert":
            draws.append(f"pert(s, x[{k}], tables + {place} * 12 * {CELLS});")
            place += 1
        else:
            draws.append(f"{leaf.family}(s, x[{k}], {', '.join(map(repr, drawn(leaf)))});")
    read = [f"double {id} = x[{k}][i];" for k, id in enumerate(workload.leaves)]
    return (
        f"#define CELLS {CELLS}\n#define LEAVES {len(workload.leaves)}\n"
        '#include "draws.c"\n'
        f"static void draw(State *s, double (*restrict x)[BLOCK], const double *tables) {{ {' '.join(draws)} }}\n"
        "static void formulas(double (*restrict x)[BLOCK], double *restrict out)\n"
        f"{{ for (int i = 0; i < BLOCK; i++) {{ {' '.join([*read, *_statements(workload)])} }} }}\n"
    )


def drawn(leaf: Leaf) -> tuple[float, ...]:
    """A leaf's parameters as a generator takes them: a lognormal's are those of its logarithm."""
    if leaf.family != "lognormal":
        return leaf.parameters
    mean, sd = leaf.parameters
    spread = float(np.sqrt(np.log1p((sd / mean) ** 2)))
    return float(np.log(mean)) - spread**2 / 2, spread


@cache
def tables_of(leaves: Sequence[Leaf]) -> list[Array]:
    """Cubics through each PERT's quantiles: over (0, 1), and finer ones over its first and last cell."""
    ends = ((0.0, 1.0), (0.0, 1 / CELLS), (1 - 1 / CELLS, 1.0))
    return [cubics(leaf, *end) for leaf in leaves if leaf.family == "pert" for end in ends]


def beta(leaf: Leaf) -> tuple[float, float]:
    """The two shapes of a PERT as a beta distribution over its range."""
    low, mode, high = leaf.parameters
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


def cubics(leaf: Leaf, start: float, stop: float) -> Array:
    """Hermite cubics on `CELLS` cells, ``(CELLS, 4)``: coefficients of a place from 0 to 1 in the cell."""
    from scipy.special import betaincinv, betaln

    a, b = beta(leaf)
    low, _, high = leaf.parameters
    u = np.linspace(start, stop, CELLS + 1)
    x = betaincinv(a, b, u)
    inner = np.clip(x, 1e-9, 1 - 1e-9)
    slope = np.exp(betaln(a, b) - (a - 1) * np.log(inner) - (b - 1) * np.log1p(-inner)) * (stop - start) / CELLS
    # at an end of the range the slope has no bound: there the cubic's is that of the cell's chord
    rise = np.diff(x)
    left, right = np.minimum(slope[:-1], 3 * rise), np.minimum(slope[1:], 3 * rise)
    cubic = np.stack([x[:-1], left, 3 * rise - 2 * left - right, left + right - 2 * rise], axis=1)
    cubic *= high - low
    cubic[:, 0] += low
    return np.ascontiguousarray(cubic)
