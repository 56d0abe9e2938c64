"""First of all: runs that failed, are missing, or are of other code, each with why and how to repeat it."""

from experiments.report.html import Section, code, folded, items, paragraph, text
from experiments.report.material import Material, undefined
from experiments.store.failures import DIED, Failure

MOST = 50  # failed runs spelled out; the folder has all
NAME = "failures"


def section(found: Material) -> Section:
    """Everything about the runs that a reader must know before he believes the rest."""
    state, manifest = found.state, found.manifest
    said = []
    if state["state"] != "finished":
        said.append(f"This study is {state['state']}: the numbers below rest on what has finished so far.")
    if found.failed:
        said.append(f"{len(found.failed):,} of {state['asked']:,} runs failed.")
    if state["quarantined"]:
        said.append(f"{state['quarantined']:,} of them are quarantined: they cost two workers their lives.")
    if state["missing"]:
        said.append(f"{state['missing']:,} runs are missing; the same sweep command runs them.")
    mixed = int(manifest["mixed"]["runs"]) or int(state["mixed"])
    if mixed:
        said.append(f"{mixed:,} runs are of other code or configuration; the table has them in column `code`.")
    if int(manifest["mixed"]["strays"]):
        said.append(f"{manifest['mixed']['strays']:,} runs of points that the sweep no longer has are left out.")
    said += [f"{line}." for line in undefined(found)]
    unread = found.paths.unread
    if unread:
        said += [f"{len(unread):,} runs have no path in the figures below: files are damaged or gone.", *unread[:MOST]]
    if not said:
        good = f"No failures: all {state['done']:,} runs finished, none is missing, all are of one code."
        return Section("", NAME, f"<div class='good' id='{NAME}'>{paragraph(good)}</div>")
    body = items(said)
    if found.failed:
        reasons = dict.fromkeys(reason(each) for each in found.failed)
        counts = (f"{sum(reason(f) == r for f in found.failed):,} times: {r}" for r in reasons)
        body += items(counts) + "".join(one(each) for each in found.failed[:MOST])
        if len(found.failed) > MOST:
            body += paragraph(f"{len(found.failed) - MOST:,} more in {found.folder.name}/failed/.", "note")
    return Section(
        "", NAME, f"<section class='bad' id='{NAME}'><h2>What went wrong, or is missing</h2>{body}</section>"
    )


def reason(failure: Failure) -> str:
    """Kind and message."""
    kind = "worker died twice" if failure.kind == DIED else failure.kind
    return f"{kind}: {failure.message}"


def one(failure: Failure) -> str:
    """A failed run: where, why, and the command that repeats it."""
    at = f"in {failure.stage}" + (f", tick {failure.tick:,}" if failure.tick >= 0 else "")
    head = f"{failure.label}, replicate {failure.replicate}, seed {failure.seed}, {at}"
    trace = folded("traceback", f"<pre class='wrap'>{text(failure.traceback)}</pre>") if failure.traceback else ""
    return f"<h3>{text(head)}</h3>{paragraph(reason(failure))}{code(failure.command)}{trace}"
