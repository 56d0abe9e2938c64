"""What a study's folder says of itself: versions, digests, seeds, counts, and when it was worked on."""

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from experiments.outputs import LIBRARIES, version
from experiments.store.layout import MANIFEST, write_whole
from model.errors import ScenarioError

RUNNING, FINISHED, INTERRUPTED = "running", "finished", "interrupted"
FORMAT = 1  # of the folder
NEEDED = {  # what readers of a folder rely on
    "study": str,
    "question": str,
    "state": str,
    "code_hash": str,
    "plugins": list,
    "replicates": int,
    "mixed": dict,
    "history": list,
}


def now() -> str:
    """The time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str]:
    """Versions of rigshare, Python, and the libraries that numbers or files depend on."""
    libraries = {name: metadata.version(name) for name in (*LIBRARIES, "distributed")}
    return {"rigshare": version(), "python": platform.python_version(), **libraries}


def write_manifest(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the manifest."""
    write_whole(folder / MANIFEST, json.dumps(record, indent=1, default=str).encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest.

    Raises:
        ScenarioError: there is none, or it is not ours
    """
    path = folder / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        reason = _damage(record)
        if reason:
            raise ValueError(reason)
        found: dict[str, Any] = record
        return found
    except FileNotFoundError:
        raise ScenarioError(
            f"{folder}: holds no study (no {MANIFEST}); give the folder that `sweep` has made"
        ) from None
    except (OSError, ValueError) as error:
        raise ScenarioError(
            f"{path}: is damaged, or no manifest of a study ({error}); give a folder that `sweep` has made, or add "
            "--new to the command that made it: that moves the folder aside and begins afresh"
        ) from None


def _damage(record: Any) -> str:
    """What a manifest lacks; empty for a sound one."""
    if not isinstance(record, dict):
        return "no table of keys and values"
    if record.get("format") != FORMAT:
        return f"format = {record.get('format')!r}, known is {FORMAT}"
    wrong = [key for key, kind in NEEDED.items() if not isinstance(record.get(key), kind)]
    return f"{' and '.join(wrong)} missing or of another type" if wrong else ""
