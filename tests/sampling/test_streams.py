import hashlib

import numpy as np

from leverage.sampling.streams import CHUNK, LEAST, MOST, REPEATS, generator, words


def test_an_id_has_the_same_two_words_on_every_machine():
    digest = hashlib.blake2b(b"warehouse_cost", digest_size=8).hexdigest()
    little = bytes.fromhex(digest)
    assert words("warehouse_cost") == tuple(int(part) for part in np.frombuffer(little, dtype="<u4"))
    assert words("価格") != words("値段")


def test_every_key_has_its_own_stream_and_the_same_one_each_time():
    keys = [(), (0,), (1,), (0, 0), (0, 1), (0, 0, 0)]
    first = [generator(7, *key).random() for key in keys]
    assert len(set(first)) == len(keys)
    assert first == [generator(7, *key).random() for key in keys]


def test_a_chunk_meets_every_repeat_evenly_and_the_ends_are_inside():
    assert CHUNK % REPEATS == 0
    assert 0 < LEAST < MOST < 1
    assert np.nextafter(MOST, 2) == 1
