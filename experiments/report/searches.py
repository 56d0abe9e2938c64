"""What reports of searches share: failures below their batches, and how to repeat them."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from experiments.outputs import version
from experiments.report.html import Section, code, folded, items, paragraph, table, text
from experiments.report.sections.failures import MOST, NAME, one, reason
from experiments.store.failures import Failure, failures
from experiments.store.layout import ASKED
from experiments.store.manifest import read_manifest
from experiments.store.search import batches

TOLD_MOST = 20


def fits_search(folder: Path, name: str) -> bool:
    """Whether a folder has the answer that a search writes under this name."""
    return (folder / name).is_file()


def lost(folder: Path, refused: Sequence[str]) -> Section:
    """Failed runs of all batches and places that were refused, first of all."""
    failed: list[Failure] = [each for batch in batches(folder) for each in failures(batch)]
    if not failed and not refused:
        return Section(
            "",
            NAME,
            f"<div class='good' id='{NAME}'>{paragraph('No failures: no run failed, no place was refused.')}</div>",
        )
    body = ""
    if failed:
        body += paragraph(f"{len(failed):,} runs failed.") + items(dict.fromkeys(reason(each) for each in failed))
        body += "".join(one(each) for each in failed[:MOST])
    if refused:
        body += paragraph(f"{len(refused):,} places were refused or failed.") + items(
            list(dict.fromkeys(refused))[:TOLD_MOST]
        )
    return Section(
        "", NAME, f"<section class='bad' id='{NAME}'><h2>What went wrong, or is missing</h2>{body}</section>"
    )


def ending(folder: Path, verb: str) -> list[Section]:
    """Manifest and how to repeat it."""
    found = batches(folder)
    body = ""
    if found:
        m = read_manifest(found[0])
        rows = [
            ("digest of code", m["code_hash"]),
            ("root seed of the first batch", m["root_seed"]),
            ("batches", len(found)),
            ("versions", ", ".join(f"{name} {number}" for name, number in m["versions"].items())),
        ]
        body = table(("what", "value"), rows)
    body += paragraph(f"Reported by rigshare {version()}.", "note")
    asked = folder / ASKED
    again = ""
    if asked.is_file():
        body += folded(ASKED, f"<pre>{text(asked.read_text(encoding='utf-8'))}</pre>")
        again = paragraph("The same search again, elsewhere:") + code(
            f"python run.py {verb} {shlex.quote(str(asked))} --out another_folder"
        )
    return [Section("Manifest", "manifest", body), Section("How to repeat this", "repeat", again)]
