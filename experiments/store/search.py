"""A search's folder: the file that was asked with, the folders of its batches, and the answer."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.store.layout import ANSWERS, ASKED, MANIFEST, write_whole
from model.errors import ScenarioError

OF = "asked_hash"  # key of an answer: digest of the file that it answers


def digest(asked: bytes) -> str:
    """Digest of the file of a search."""
    return hashlib.blake2b(asked, digest_size=8).hexdigest()


def batches(folder: Path) -> list[Path]:
    """Folders of a search's batches."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def write_answer(path: Path, answer: Mapping[str, Any], asked: str) -> None:
    """Keep an answer, and to which file it is one.

    Args:
        path: of the answer
        answer: plain data
        asked: text of the file
    """
    record = {**answer, "folder": path.parent.name, OF: digest(asked.encode())}
    write_whole(path, json.dumps(record, indent=1).encode())


def read_answer(path: Path) -> dict[str, Any]:
    """What a search has found.

    Raises:
        ScenarioError: it cannot be read, or answers another file than the one beside it
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("no table of keys and values")
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error}); run the search again to write it anew") from None
    if _of_another(path.parent, found):
        raise ScenarioError(
            f"{path}: answers another file than {ASKED} beside it, a later search that has not come to its end; give its "
            "command again, which goes on"
        )
    return found


def answered(folder: Path) -> bool:
    """Whether a search has come to its end."""
    there = [folder / name for name in ANSWERS if (folder / name).is_file()]
    try:
        return bool([read_answer(path) for path in there])
    except ScenarioError:
        return False


def _of_another(folder: Path, answer: Mapping[str, Any]) -> bool:
    """Whether what was asked last is not what this answers; answers of earlier versions do not say."""
    try:
        return OF in answer and answer[OF] != digest((folder / ASKED).read_bytes())
    except OSError:
        return False
