"""Raw figures behind some fits: long daily series that do not ship. RIGSHARE_SOURCES names the folder where they lie."""

import os
from pathlib import Path

from model.errors import ScenarioError

FOLDER = Path(os.environ.get("RIGSHARE_SOURCES") or "sources")


def existing(path: Path) -> Path:
    """The path of such a file.

    Raises:
        ScenarioError: it is not there
    """
    if not path.is_file():
        raise ScenarioError(
            f"{path}: no such file; give the folder of the daily figures as the first argument, or set RIGSHARE_SOURCES"
        )
    return path
