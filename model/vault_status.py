"""Where a vault stands."""

from enum import IntEnum


class VaultStatus(IntEnum):
    """No vault, fractions on offer and in escrow, in circulation, wound up."""

    NONE = 0
    OFFERED = 1
    LIVE = 2
    ENDED = 3


NO_VAULT, OFFERED, LIVE, ENDED = (int(status) for status in VaultStatus)
