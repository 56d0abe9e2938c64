"""What became of a row of actions, and why."""

from enum import IntEnum


class Status(IntEnum):
    """What became of a row: waiting, done, or the reason why not.

    >>> Status.LIMIT, int(Status.LIMIT), Status.LIMIT.meaning
    (<Status.LIMIT: 4>, 4, 'the price moved past the limit')
    """

    meaning: str

    def __new__(cls, number: int, meaning: str = "") -> "Status":
        """A status by its number, which is what rows hold."""
        status = int.__new__(cls, number)
        status._value_, status.meaning = number, meaning
        return status

    PENDING = 0, "it waits to be settled"
    DONE = 1, "it was carried out"
    FEE = 2, "the account could not pay the transaction fee"
    FUNDS = 3, "the account does not have what it offers"
    LIMIT = 4, "the price moved past the limit"
    CLOSED = 5, "the thing is not open for this now"
    DEPTH = 6, "the other side does not have enough"
    AMOUNT = 7, "the amount is not positive, or too large"
    NOT_ALLOWED = 8, "a rule forbids it to this account"
    UNKNOWN = 9, "there is no such vault, pool, offering or asset"
    LOCKED = 10, "it is locked until a later day"
    UNDONE = 11, "another part of its bundle failed"
