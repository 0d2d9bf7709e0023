import numpy as np

from leverage.sampling.plain import Plain
from tests.sampling.stand_in import taken


def test_a_leaf_draws_the_same_whatever_the_other_leaves_are():
    alone = taken(Plain(("price",), seed=3), 2, 100)
    among = taken(Plain(("cost", "price", "visits"), seed=3), 2, 100)
    assert np.array_equal(among[1], alone[0])
    assert len({row.tobytes() for row in among}) == 3


def test_plain_draws_are_one_group():
    assert Plain(("price",), seed=0).repeats == 1


def test_draws_follow_numpys_generator_seeded_by_leaf_and_chunk():
    sequence = np.random.SeedSequence(5, spawn_key=(2618929090, 2975707196, 4))  # the words of "price", chunk 4
    expected = np.random.Generator(np.random.SFC64(sequence)).random(1_000)
    assert np.array_equal(taken(Plain(("price",), seed=5), 4, 1_000)[0], expected)
