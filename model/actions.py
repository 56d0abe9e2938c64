"""Actions: what agents ask for, as columns; one row per intended transaction.

A batch is one structured array of int64 fields and is its own receipt: the mechanism that settles it writes `status`
and `filled` into each row, and the cohort finds it the next day as `cohort.receipts[Swap]`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.errors import nearest
from model.jit import helper, kernel
from model.status import Status as Status
from model.streams import word

FEW = 32  # rows that are put in order one by one
WORD = 8  # bytes of a number
BUY, SELL = 0, 1  # sides of a trade: dollars are paid, or got
PHASES = (
    "withdraw",
    "repay",
    "unstake",
    "buyout",
    "coins",
    "offers",
    "swaps",
    "liquidity",
    "pledge",
    "borrow",
    "supply",
    "stake",
    "loan_offers",
    "rent",
    "pool_choice",
    "order_rigs",
    "tokenise",
)


class Action:
    """A batch of intended transactions of one type.

    Subclasses name their own columns in `fields` and their place in the day in `phase`.

    Args:
        account: who acts, one entry per row
        columns: one value or array for each of `fields`, int64 base units or indices

    Attributes:
        flat: all rows as one column of numbers, row after row
        tip: USD base units bid for an early place, one entry per row; None for nothing. Only where fees order the day.
    """

    fields: ClassVar[tuple[str, ...]] = ()
    phase: ClassVar[str] = "swaps"
    dtype: ClassVar[np.dtype[Any]]
    width: ClassVar[int]  # columns of a row
    side_at: ClassVar[int] = 0  # place of the column that says which way a trade goes, 0 for none
    waits: ClassVar[bool] = False  # what a row pays is neither cash nor fractions until the end of the tick
    tip: NDArray[np.int64] | None = None
    flat: NDArray[np.int64]
    _rows: NDArray[Any] | None = None

    def __init_subclass__(cls) -> None:
        cls.dtype = np.dtype([(name, np.int64) for name in ("account", *cls.fields, "status", "filled")])
        cls.width = len(cls.fields) + 3

    def __init__(self, account: Any, **columns: Any) -> None:
        accounts = np.atleast_1d(np.asarray(account, np.int64))
        self.flat = np.zeros(accounts.size * self.width, np.int64)
        rows = self.rows
        rows["account"] = accounts
        try:
            for name in self.fields:
                rows[name] = columns[name]
        except KeyError:
            raise self._misnamed(columns) from None
        if len(columns) != len(self.fields):
            raise self._misnamed(columns)

    @classmethod
    def row(cls, account: int, **columns: int) -> "Row":
        """One intended transaction, for plain-Python strategies (about 1 microsecond)."""
        try:
            values = (account, *[columns[name] for name in cls.fields], 0, 0)
        except KeyError:
            raise cls._misnamed(columns) from None
        if len(columns) != len(cls.fields):
            raise cls._misnamed(columns)
        return Row(cls, values)

    @classmethod
    def spent(cls, rows: NDArray[Any]) -> NDArray[np.float64] | None:
        """Most that each row pays for fractions of its `vault` [USD base units]; None where the action buys none."""
        return None

    @classmethod
    def _misnamed(cls, columns: Iterable[str]) -> TypeError:
        """What is wrong with the names of these columns."""
        further, missing = [c for c in columns if c not in cls.fields], [c for c in cls.fields if c not in columns]
        if further:
            return TypeError(f"{cls.__name__} has no column '{further[0]}'{nearest(further[0], cls.fields)}")
        return TypeError(f"{cls.__name__} lacks its column '{missing[0]}'; give {', '.join(cls.fields)}")

    @classmethod
    def of_rows(cls, rows: Any) -> "Action":
        """A batch from tuples or a matrix in the order of the columns, account first, status and filled last."""
        batch = cls.__new__(cls)
        batch.flat = np.ascontiguousarray(rows, np.int64).ravel()
        return batch

    def __len__(self) -> int:
        return self.flat.size // self.width

    @property
    def rows(self) -> NDArray[Any]:
        """The rows as records."""
        if self._rows is None:
            self._rows = np.ndarray(len(self), self.dtype, self.flat)
        return self._rows

    @rows.setter
    def rows(self, rows: NDArray[Any]) -> None:
        self.flat, self._rows = flat_of(rows), rows

    def lie(self, flat: NDArray[np.int64]) -> None:
        """Let these rows lie in this memory from now on, where they are already."""
        self.flat, self._rows = flat, None

    @property
    def done(self) -> NDArray[np.bool_]:
        """Which rows were carried out."""
        done: NDArray[np.bool_] = self.rows["status"] == Status.DONE
        return done


class Row(NamedTuple):
    """One row of a batch that is still to be made."""

    action: type[Action]
    values: tuple[int, ...]


class Trade(Action):
    """Common base of every venue's swap: pay `amount`, dollars (`side` 0) or fractions (1), for at least `limit`."""

    fields = ("vault", "side", "amount", "limit")
    venue: ClassVar[str] = ""  # key of the mechanism that settles it

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.side_at = 1 + cls.fields.index("side") if "side" in cls.fields else 0

    @classmethod
    def spent(cls, rows: NDArray[Any]) -> NDArray[np.float64] | None:
        """Amounts paid in dollars."""
        if "vault" not in cls.fields:
            return None
        return np.where(rows["side"] == BUY, rows["amount"].astype(np.float64), 0.0)


class Bundle:
    """An ordered list of one-row actions of one account, settled with the swaps, whole or not at all."""

    phase = "swaps"

    def __init__(self, actions: Sequence[Action]) -> None:
        if not actions or any(len(a) != 1 for a in actions):
            raise ValueError("a bundle is a list of actions with one row each")
        if len({int(a.rows["account"][0]) for a in actions}) != 1:
            raise ValueError("all actions of a bundle belong to one account")
        self.actions = list(actions)
        self.accounts = actions[0].rows["account"]
        self.status = Status.PENDING

    def __len__(self) -> int:
        """How many bundles this is, see `Bundles`."""
        return 1


def flat_of(rows: NDArray[Any]) -> NDArray[np.int64]:
    """The same memory as one column of numbers, row after row (half as long as a view of records takes)."""
    return np.ndarray(rows.nbytes // WORD, np.int64, rows)


def columns_of(rows: NDArray[Any]) -> NDArray[np.int64]:
    """The same memory as a matrix, a column for each field."""
    return np.ndarray((rows.size, rows.dtype.itemsize // WORD), np.int64, rows)


def join(batches: Sequence[Action]) -> NDArray[Any]:
    """All rows of several batches of one type (int64 views concatenate 7 times faster than records)."""
    if len(batches) == 1:
        return batches[0].rows
    return type(batches[0]).of_rows(np.concatenate([batch.flat for batch in batches])).rows


_int64, _uint64 = types.Array(types.int64, 1, "C"), types.Array(types.uint64, 1, "C")


@helper(types.void(types.uint64, _int64, _int64, types.int64, _uint64, _int64, _int64))
def arrange(key: Any, uid: Any, flat: Any, width: int, words: Any, order: Any, starts: Any) -> None:
    """Words of rows and their stable order: many rows are dealt by their first bits, see `room_for`."""
    for i in range(words.size):
        words[i] = word(key, uid[flat[i * width]], 0)
    if words.size <= FEW:
        for i in range(words.size):
            order[i] = i
    else:
        shift, size = np.uint64(64), 1
        while size <= words.size:
            shift, size = shift - np.uint64(1), 2 * size
        starts[: size + 1] = 0
        for i in range(words.size):
            starts[np.int64(words[i] >> shift) + 1] += 1
        for j in range(1, size + 1):
            starts[j] += starts[j - 1]
        for i in range(words.size):
            hand = np.int64(words[i] >> shift)
            order[starts[hand]] = i
            starts[hand] += 1
    for i in range(words.size):
        row, place = order[i], i
        while place > 0 and words[order[place - 1]] > words[row]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = row


@kernel
def stray(flat: Any, width: int, side: int, sector: Any, accounts: int, own: int) -> int:
    """First row of an account that is not there or of another sector than `own`, or that is on no side; -1 for none.

    Args:
        flat: rows as one column of numbers; width: columns of a row; side: place of a column of 0 or 1, 0 for none
        sector: of each account; accounts: how many there are; own: -1 for any sector
    """
    for i in range(flat.size // width):
        who = flat[i * width]
        if who < 0 or who >= accounts or (own >= 0 and sector[who] != own):
            return i
        if side > 0 and (flat[i * width + side] < 0 or flat[i * width + side] > 1):
            return i
    return -1


def settlement_order(
    key: np.uint64, uid: NDArray[np.int64], rows: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Random order of rows, an agent's own rows in his order: stable sort by a word keyed by tick and account.

    Returns:
        the order, and each row's word
    """
    return order_of(key, uid, flat_of(rows), rows.dtype.itemsize // WORD)


def order_of(
    key: np.uint64, uid: NDArray[np.int64], flat: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The same of rows as one column of numbers, so many for each, the account first."""
    n = flat.size // width
    words, order, starts = room_for(n, n)
    arrange(key, uid, flat, width, words, order, starts)
    return order, words


def room_for(n: int, most: int) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Space to `arrange` n rows in, so many of them at once at most: their words, their order, and where each hand begins."""
    hands = 1 << most.bit_length() if most > FEW else 0
    return np.empty(n, np.uint64), np.empty(n, np.int64), np.empty(1 + hands, np.int64)
