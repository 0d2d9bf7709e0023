import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.sampling.ranked import Sorted, quantile


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=50),
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
)
def test_quantiles_are_numpys_to_the_bit(values, probabilities):
    values = np.sort(np.array(values))
    assert np.array_equal(quantile(values, probabilities), np.quantile(values, probabilities))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.lists(st.floats(-1e9, 1e9) | st.sampled_from([0.0, 1.0]), max_size=40), min_size=2, max_size=8),
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
)
def test_quantiles_of_several_rows_are_those_of_all_their_samples(rows, probabilities):
    found = Sorted([np.sort(np.array(row, dtype=float)) for row in rows]).quantiles(probabilities)
    if together := [value for row in rows for value in row]:
        assert np.array_equal(found, np.quantile(together, probabilities))
    else:
        assert np.isnan(found).all()


def test_quantiles_of_rows_that_differ_in_size_and_place():
    rng = np.random.default_rng(3)
    rows = [np.sort(rng.normal(k, 1 + k, 10 ** (k % 4))) for k in range(8)]
    p = np.linspace(0, 1, 101)
    assert np.array_equal(Sorted(rows).quantiles(p), np.quantile(np.concatenate(rows), p))
