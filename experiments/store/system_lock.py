"""The system's own lock on an open file: it ends with the process that holds it, however that ends."""

import os


def taken(handle: int) -> bool:
    """Try to lock an open file for this process alone."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
