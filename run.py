"""rigshare on the command line: simulate a marketplace of fractional mining rigs.

Exit codes: 0 fine, 1 an error inside a run, 2 input that cannot be used, 130 interrupted. An error is one sentence;
RIGSHARE_DEBUG=1 shows the traceback as well.
"""

import errno
import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from experiments.runs import Run
    from model.scenario import Scenario

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    help=(__doc__ or "").split("\n\n")[0],
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="a name from `list`, or a path to a .toml")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Plugins = Annotated[
    list[str] | None, typer.Option("--plugins", help="package with further kinds and strategies; repeatable")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="a parameter, `amm.fee_bps=50`; TOML values; repeatable"),
]
Agents = Annotated[int | None, typer.Option(help="this many agents in all, other sizes in proportion")]


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Register a verb whose errors become one sentence and an exit code."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except KeyboardInterrupt:
            say("interrupted; nothing was written for the run that was going on")
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("RIGSHARE_DEBUG") == "1":
                raise
            code, sentence = verdict(error)
            say(sentence)
            raise typer.Exit(code) from None

    app.command(name=function.__name__.rstrip("_"))(guarded)
    return guarded


def verdict(error: Exception) -> tuple[int, str]:
    """Exit code and sentence for an error: what the user must mend, or what went wrong inside."""
    from model.errors import ScenarioError

    if isinstance(error, ScenarioError):
        return BAD_INPUT, str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        with suppress(OSError):  # what is still buffered cannot be written either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT, f"output cannot be written: {error.strerror}; free some space"
    notes = "; ".join(getattr(error, "__notes__", ()))
    text = f"{type(error).__name__}: {error}" + (f" ({notes})" if notes else "")
    return FAILED, f"{text}\nThis is an error inside the run, not in your input; RIGSHARE_DEBUG=1 shows where."


def say(text: str) -> None:
    """Tell the user on standard error."""
    print(text, file=sys.stderr, flush=True)


def ready(jit: bool = True, plugins: Sequence[str] | None = None) -> tuple[str, ...]:
    """Get the market's code ready; says what it waits for when nothing has been compiled yet."""
    if not jit:
        os.environ["RIGSHARE_JIT"] = "0"
    if plugins and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    from model.jit import INTERPRETED, cold

    if not jit and not INTERPRETED:
        raise RuntimeError("--no-jit must come before the model is imported; set RIGSHARE_JIT=0 instead")
    if cold():
        say("compiling what all rules share, for the first time; this happens once and takes some seconds")
    if plugins:
        from model.kinds import agent_kinds, packages

        agent_kinds(packages(plugins))
    return tuple(plugins or ())


def show(rows: list[dict[str, Any]], as_json: bool, title: str = "") -> None:
    """Rows as a table, or as JSON."""
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    from experiments import console

    table = console.grid(title, *(rows[0] if rows else ("nothing found",)))
    for row in rows:
        console.fill(table, *(str(value) for value in row.values()))
    console.printer().print(table)


@verb
def run(
    scenario: Name,
    as_json: Json = False,
    set_: Settings = None,
    seed: Annotated[int | None, typer.Option(help="of all random streams; the scenario's own by default")] = None,
    seeds: Annotated[int, typer.Option(help="this many seeds, counted up from the first; prints means")] = 1,
    ticks: Annotated[int | None, typer.Option(help="length of the run")] = None,
    agents: Agents = None,
    out: Annotated[Path, typer.Option(help="folder of results")] = Path("results"),
    plugins: Plugins = None,
    force: Annotated[bool, typer.Option("--force", help="replace the files of a different run")] = False,
    no_jit: Annotated[bool, typer.Option("--no-jit", help="interpret the rules; slow, same numbers")] = False,
    compare: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="run this one too; prints paired differences")
    ] = None,
) -> None:
    """Run a scenario: a summary here, all figures in results/SCENARIO/SEED-HASH8/."""
    packages = ready(not no_jit, plugins)
    from experiments import console, runs
    from model.errors import ScenarioError

    if seeds < 1:
        raise ScenarioError(f"--seeds {seeds}: give a whole number above 0")
    if compare and seeds < 2:
        raise ScenarioError(f"--compare {compare}: needs replicates; add --seeds 10 or more")
    values = runs.settings(set_)
    values |= {key: value for key, value in (("clock.ticks", ticks), ("clock.seed", seed)) if value is not None}
    chosen = [runs.prepare(name, values, agents, packages) for name in (scenario, compare) if name]
    spans = [each.clock.ticks * each.clock.hours_per_tick for each in chosen]
    if len(set(spans)) > 1:
        raise ScenarioError(
            f"--compare {compare}: {scenario} runs {spans[0]:,} hours and {compare} {spans[1]:,}; give both the same --ticks"
        )
    if not all(runs.compiled(each) for each in chosen):
        say("compiling the rules of this scenario as they are first used; this happens once and takes up to a minute")
    done = [_seeds(each, chosen[0].clock.seed, seeds, out, force, as_json) for each in chosen]
    if as_json and seeds == 1:
        print(json.dumps(console.run_record(done[0][0]), indent=1))
    elif as_json:
        record = {"means": {group[0].scenario.name: console.estimate_records(group) for group in done}}
        if compare:
            record["differences"] = console.estimate_records(done[0], done[1])
        record["runs"] = [console.run_record(each) for group in done for each in group]  # type: ignore[assignment]
        print(json.dumps(record, indent=1))
    elif seeds == 1:
        console.show_run(done[0][0])
    else:
        for group in done:
            console.show_means(group)
        if compare:
            console.show_differences(done[0], done[1])


def _seeds(scenario: "Scenario", first: int, n: int, out: Path, force: bool, quiet: bool) -> list["Run"]:
    """All seeds of one scenario, one after the other."""
    from experiments import console, runs

    done = []
    for seed in range(first, first + n):
        with console.progress(f"{scenario.name}, seed {seed}", quiet) as tell:
            done.append(runs.execute(scenario, seed, out, force, tell))
    return done


@verb
def list_(
    mechanisms: Annotated[bool, typer.Option("--mechanisms", help="rules of the market instead")] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="recorded numbers instead")] = False,
    agents: Annotated[bool, typer.Option("--agents", help="kinds of agents and their strategies instead")] = False,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """List the scenarios that ship, each with its question."""
    packages = ready(plugins=plugins)
    from experiments import describe

    if mechanisms:
        show(describe.mechanisms(), as_json)
    elif metrics:
        show(describe.metrics(), as_json)
    elif agents:
        show(describe.agents(packages), as_json)
    else:
        show(describe.scenarios(), as_json)


@verb
def describe(scenario: Name, plugins: Plugins = None, as_json: Json = False) -> None:
    """Say what a scenario asks, where it comes from, and every parameter with unit, range and source."""
    packages = ready(plugins=plugins)
    from experiments import console
    from experiments.describe import scenario_page

    page = scenario_page(scenario, packages)
    if as_json:
        print(json.dumps(page, indent=1))
    else:
        console.show_page(page)


@verb
def plan(
    scenario: Name, set_: Settings = None, agents: Agents = None, plugins: Plugins = None, as_json: Json = False
) -> None:
    """Print the order of a day as it will really run, with the mechanism behind each line."""
    packages = ready(plugins=plugins)
    from experiments import describe, runs

    show(describe.plan(runs.prepare(scenario, runs.settings(set_), agents, packages)), as_json)


@verb
def check(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="scenario to check")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="print a JSON Schema for editors instead")] = False,
    plugins: Plugins = None,
) -> None:
    """Check a scenario file and name everything wrong with it at once."""
    packages = ready(plugins=plugins)
    from model.errors import ScenarioError

    if schema:
        from model import schema as schemas

        print(json.dumps(schemas.schema(packages), indent=1))
        return
    if file is None:
        raise ScenarioError("check: name a scenario file, or ask for --schema")
    from experiments import runs

    found = runs.prepare(file, {}, None, packages)
    people = sum(table.count for table in found.agents.values())
    print(f"{file}: ok (mechanisms: {len(found.mechanisms)}, agents: {people:,}, ticks: {found.clock.ticks:,})")


@verb
def backtest(
    out: Annotated[Path | None, typer.Option(help="draw real and simulated hashrate into this picture")] = None,
    as_json: Json = False,
) -> None:
    """Let the miners' rules run free on the real revenue of 2018 to 2024: does hashrate follow the real one?"""
    ready()
    from experiments import console
    from experiments.backtest import report

    if as_json:
        print(json.dumps(report.scores(), indent=1))
    else:
        report.print_table(console.printer())
    if out is not None:
        from experiments.outputs import unwritable

        try:
            report.picture(out)
        except OSError as error:
            raise unwritable(out, error) from None
        say(f"{out}")


if __name__ == "__main__":
    app()
