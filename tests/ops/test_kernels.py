"""Kernels give the same bits however their arguments lie: one figure or an array, in parts, in place."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.ops.kernels import KERNELS, power

EXPONENTS = (2.0, 0.5, -1.0, 0.0, 1.0, 3.0, 1 / 3, -0.5)
BASES = np.abs(np.random.default_rng(0).normal(size=2_000)) * 3


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_a_power_has_the_same_bits_for_one_exponent_and_for_an_array_of_it(exponent: float) -> None:
    alone = power(BASES, np.array(exponent))
    for at in (slice(None), slice(0, 1), slice(3, 10)):
        exponents = np.full(2_000, exponent)
        np.testing.assert_array_equal(power(BASES[at], exponents[at]), alone[at])
        for given in (BASES, exponents):  # in place of either argument
            out = given.copy()
            args = (out[at], exponents[at]) if given is BASES else (BASES[at], out[at])
            np.testing.assert_array_equal(power(*args, out=out[at]), alone[at])
    assert float(power(2.7, exponent)) == power(np.array(2.7), np.full(3, exponent))[1]


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_gives_the_same_bits_in_parts_alone_and_in_place(name: str) -> None:
    rng = np.random.default_rng(1)
    kernel = KERNELS[name]
    count = {"where": 3, "power": 2, "ndtr": 1}.get(name) or kernel.nin
    args = [rng.uniform(0.05, 0.95, 1_001) * (1 if name.startswith("arc") else 4) for _ in range(count)]
    with np.errstate(all="ignore"):
        whole = np.asarray(kernel(*args), dtype=float)
        parts = [np.asarray(kernel(*(arg[at : at + 7] for arg in args)), dtype=float) for at in range(0, 1_001, 7)]
        alone = [float(kernel(*(float(arg[at]) for arg in args))) for at in range(0, 1_001, 50)]
        given = [arg.copy() for arg in args]
        kernel(*given, out=given[-1])
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(alone, whole[::50])
    np.testing.assert_array_equal(given[-1], whole)
