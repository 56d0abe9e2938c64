"""Columns of revenue shares; int64 rows, USD base units and ticks."""

import numpy as np
from numpy.typing import NDArray

# UNTIL: tick on which an offer lapses, or a running share ends; ARREARS: due and not paid; SINCE: behind from that tick
PHASE, ISSUER, SHARE, ASKED, CAP_BPS, TERM, UNTIL, RAISED, REPAID, ARREARS, SINCE = range(11)
WIDTH = 11
FREE, OFFERED, RUNNING = range(3)
NOBODY = -1


def blank(capacity: int) -> NDArray[np.int64]:
    """Rows without an offer."""
    rows = np.zeros((capacity, WIDTH), np.int64)
    rows[:, ISSUER] = rows[:, SINCE] = NOBODY
    return rows
