"""Raw figures behind some fits: long daily series that do not ship. RIGSHARE_SOURCES names the folder where they lie."""

import os
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("RIGSHARE_SOURCES") or "sources")


def existing(path: Path) -> Path:
    """The path of such a file, if it is there; otherwise one sentence, and exit code 2."""
    if not path.is_file():
        print(
            f"{path}: no such file; give the folder of the daily figures as the first argument, or set RIGSHARE_SOURCES",
            file=sys.stderr,
        )
        raise SystemExit(2)
    return path
