"""`rerun`: one run of a sweep again."""

import json
from typing import Annotated

import typer

from experiments.options import RESULTS, FailedRuns, Json, Out, Plugins, ready

PLACE = 52


def rerun(
    run: Annotated[str, typer.Argument(metavar="RUN", help="as in summary.parquet; STUDY/RUN where several have it")],
    to_tick: Annotated[int | None, typer.Option(help="stop after this tick and show the market there")] = None,
    out: Out = RESULTS,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Repeat one run of a sweep from its folder, also a failed one, and say whether it comes out the same."""
    packages = ready(plugins=plugins)
    from experiments.console import chosen, fill, grid, printer, readable
    from experiments.store.find import plugins_given, run_of
    from experiments.sweeps.repeat import plain, repeat, verdict
    from model.metric import registry
    from model.unit_names import unit_of

    found = run_of(run, out)
    done = repeat(found, plugins_given(found.folder, packages), to_tick)
    if as_json:
        print(json.dumps({**plain(done), "verdict": verdict(done, to_tick)}, indent=1, default=str))
    else:
        console = printer()
        console.print(f"{done.label}, replicate {done.replicate}, seed {done.seed}", markup=False)
        metrics = chosen(m for name, m in registry().items() if name in done.numbers)
        if metrics:
            table = grid(f"after tick {done.tick}", "metric", "unit", "value", numbers=(2,))
            for m in metrics:
                fill(table, m.meaning or m.name, unit_of(m.unit), readable(done.numbers[m.name]))
            console.print(table)
        for event in done.events:
            console.print(f"tick {event['tick']}: {event['kind']}: {event['text']}", markup=False, soft_wrap=True)
        if done.error:
            console.print(done.error, markup=False, soft_wrap=True)
        console.print(verdict(done, to_tick), markup=False, soft_wrap=True)
    if done.error:
        raise FailedRuns("the run failed")
    if done.same is False and not done.changes:
        raise RuntimeError("equal code and configuration gave another result; this must not happen")
