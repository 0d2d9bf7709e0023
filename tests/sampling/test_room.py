"""Memory that is lent is nobody else's until it is back."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from leverage.sampling.room import IDLE, borrowed


def test_a_room_that_is_back_is_lent_again_and_one_that_is_out_is_not():
    with borrowed(100, 0, 10) as first, borrowed(100, 0, 10) as second:
        assert not np.shares_memory(first.numbers, second.numbers)
        assert not np.shares_memory(first.spare.odds, second.spare.odds)
    with borrowed(100, 0, 10) as third:
        assert third is second or third is first


def test_rows_are_as_many_and_as_long_as_asked():
    with borrowed(3 * 500, 2 * 7, 500) as room:
        assert room.rows(3, 500).shape == (3, 500)
        assert room.group(2, 7).shape == (2, 7)
        assert len(room.spare.odds) >= 500
        assert room.spare.to(9).term.shape == (9,)


def test_a_large_room_is_not_kept():
    with borrowed(IDLE + 1, 0, 10) as large:
        pass
    with borrowed(10, 0, 10) as room:
        assert room is not large


def test_threads_never_share_a_room():
    def write(mark):
        for _ in range(200):
            with borrowed(64, 0, 64) as room:
                room.numbers[:64] = mark
                if (room.numbers[:64] != mark).any():
                    return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write, range(8)))
