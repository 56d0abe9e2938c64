"""The system's own lock on an open file: it ends with the process that holds it, however that ends."""

import errno
import os

HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)  # somebody else has it; anything else is no lock at all


def taken(handle: int) -> bool:
    """Try to lock an open file for this process alone.

    Raises:
        OSError: the file system knows no locks
    """
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in HELD:
            raise
        return False
    return True
