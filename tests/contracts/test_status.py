"""What becomes of a row is a number with a meaning."""

import pickle

import numpy as np

from model.actions import Status


def test_numbers_in_a_row_each_with_a_meaning() -> None:
    assert [int(status) for status in Status] == list(range(len(Status)))
    assert len({status.meaning for status in Status}) == len(Status)
    assert all(status.meaning for status in Status)


def test_it_is_found_by_its_number() -> None:
    column = np.array([Status.DONE, Status.LIMIT], np.int64)
    assert [Status(int(number)) for number in column] == [Status.DONE, Status.LIMIT]
    assert pickle.loads(pickle.dumps(Status.LIMIT)) is Status.LIMIT
