"""What the disk refuses, in one sentence: it is full, a name is too long, or a folder cannot be written."""

import errno
import os
import re
from pathlib import Path

from model.errors import ScenarioError

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
ELSEWHERE = "choose another folder with --out"  # the way out of most commands
SHOWN = 60  # letters of a name that is too long
DETAIL = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)  # how pyarrow tells the system's reason


def number(error: OSError) -> int | None:
    """The system's number of an error, which pyarrow tells in words alone.

    >>> number(OSError("Error writing bytes to file. Detail: [errno 27] File too large"))
    27
    """
    told = DETAIL.search(str(error))
    return int(told[1]) if error.errno is None and told else error.errno


def reason(error: OSError) -> str:
    """The system's reason, without the words of the library that met it.

    >>> reason(OSError(28, "No space left on device"))
    'No space left on device'
    """
    found = number(error)
    return str(error) if found is None else os.strerror(found)


def unwritable(path: Path, error: OSError, way: str = ELSEWHERE) -> ScenarioError:
    """The sentence for a file or folder that cannot be written.

    Args:
        path: of the file or folder
        error: what the system said
        way: what the user of this command can do
    """
    found = number(error)
    if found == errno.ENAMETOOLONG:
        return too_long(str(path))
    space = "free some space or " if found in FULL else ""
    return ScenarioError(f"{path}: cannot be written: {reason(error)}; {space}{way}")


def check_letters(folder: Path) -> None:
    """Refuse a folder whose path is not UTF-8: tables would be written into it, and never be read again.

    Raises:
        ScenarioError: it is not
    """
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        raise ScenarioError(
            f"{str(folder)!r}: its letters are not UTF-8; choose another folder with --out, or rename the file it is "
            "named after"
        ) from None


def too_long(name: object) -> ScenarioError:
    """The sentence for a name that is longer than the system allows."""
    text = str(name)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} letters)"
    return ScenarioError(f"name too long: {shown}; give a shorter one")
