"""Pages say what the code says; examples in docstrings do what they claim; links lead somewhere.

Between `<!-- made: WHAT -->` and `<!-- end -->` a page holds what the code answers; `python -m tests.test_docs` writes
all such blocks anew.
"""

import doctest
import importlib
import os
import pkgutil
import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run
from experiments.describe import field_rows, first_line
from experiments.reference import FOLDER, pages, table
from model import Marketplace, Scenario
from model.actions import PHASES
from model.agent_tables import trait_fields
from model.flows import WORDS
from model.journal import CHANGE_IN_HOLDINGS
from model.kinds import DEFAULT_PACKAGES, agent_kinds, strategies
from model.mechanism import actions_of, catalogue

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MADE_BLOCK = re.compile(r"<!-- made: (.*?) -->\n(.*?)<!-- end -->", re.S)
SLOW = ("flows", "payers", "sheet")  # they run the baseline, or some days of the marketplace
WRAPPED = " " * 30  # how the second line of a wrapped cell begins; it goes with the first
DAYS = 120  # of the marketplace: enough for each of its mechanisms to have paid somebody
BLOCKS = [
    (path, what, block)
    for path in sorted(DOCS.rglob("*.md"))
    for what, block in MADE_BLOCK.findall(path.read_text(encoding="utf-8"))
]


def saved(page: Path) -> dict[str, str]:
    """Files that a page asks its reader to save, by name."""
    found = re.findall(r"```\w+\n(# (\S+\.(?:py|toml))\n.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
    return {name: text for text, name in found}


def answer(page: Path, command: str, wanted: str) -> str:
    """Lines of a command's answer that hold a pattern, as the reader of a page sees them."""
    before, width = Path.cwd(), os.environ.get("COLUMNS")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["COLUMNS"] = "120"
        try:
            for name, text in saved(page).items():
                Path(name).write_text(text)
            said = CliRunner().invoke(run.app, command.split())
            output = said.stdout or said.stderr  # where rules are not compiled yet, the latter says so too
        finally:
            os.chdir(before)
            os.environ.pop("COLUMNS") if width is None else os.environ.update(COLUMNS=width)
    lines: list[str] = []
    shown = False
    for line in filter(str.strip, output.splitlines()):
        shown = bool(re.search(wanted, line)) or (shown and line.startswith(WRAPPED))
        lines += [line.rstrip()] if shown else []
    assert lines, f"{page.name} shows nothing of run.py {command}: {output}"
    return "```text\n" + "\n".join(lines) + "\n```\n"


@cache
def baseline():
    """A year of the baseline: exact flows of dollars and coins, flows by payer, and the balance sheet."""
    with Marketplace("baseline") as market:
        market.run()
        market.check()
        return market.flows(asset="USD"), market.flows(asset="BTC"), market.journal.flow_table(), market.balance_sheet()


@cache
def marketplace():
    """Some days of the marketplace: exact flows of dollars, all kinds of agents but the rest in one; flows by payer."""
    with Marketplace("marketplace", clock__ticks=DAYS) as market:
        market.run()
        market.check()
        flows, agents = market.flows(asset="USD"), [kind for kind in market.populations if kind != "rest_of_network"]
        together = flows.drop(columns=agents)
        together.insert(0, "agents", flows[agents].sum(axis=1))
        return together, market.journal.flow_table()


def closed(frame, unit: float, decimals: int, last: str) -> str:
    """A matrix rounded so that it still closes: the world takes the rounding of its row, the last row its column's."""
    shown = (frame.drop(index=last).astype(float) / unit).round(decimals)
    shown = shown.loc[:, (shown != 0).any()]
    shown = shown.loc[(shown != 0).any(axis=1)]
    if last == CHANGE_IN_HOLDINGS:
        shown["world"] = -shown.drop(columns="world").sum(axis=1)
    shown.loc[f"minus {last}"] = -shown.sum()
    rows = [{"": name, **{s: f"{x:,.{decimals}f}" if round(x, decimals) else "" for s, x in row.items()}}
            for name, row in shown.iterrows()]  # fmt: skip
    return table(rows, rows[0])


def payers(flows, kinds: str = "") -> str:
    """Who paid whom in dollars over a run: for all reasons by payer, or for some reasons by reason and payer."""
    paid = flows[(flows.asset == "usd") & (flows["from"] != flows["to"]) & flows.kind.str.fullmatch(kinds or ".*")]
    paid = paid.groupby(["kind", "from", "to"]).amount.sum().reset_index()
    by = ["kind", "from"] if kinds else ["from"]
    paid = paid.sort_values([*by, "amount"], ascending=[True] * len(by) + [False])
    rows = [{"who pays": giver, "whom": taker, "for": kind, "USD": f"{amount / 1e6:,.0f}"}
            for kind, giver, taker, amount in paid.itertuples(index=False) if amount >= 1_000_000]  # fmt: skip
    return table(rows, ("who pays", "whom", "for", "USD"))


def who() -> str:
    """Kinds of the baseline, how many, and what they start with; then every trait of every kind and strategy."""
    scenario, known, kinds = Scenario.load("baseline"), strategies(DEFAULT_PACKAGES), agent_kinds(DEFAULT_PACKAGES)
    rows, parts = [], []
    for kind, agent in kinds.items():
        own = {name: cls for (serves, name), cls in known.items() if serves == kind}
        count = scenario.agents[kind].count if kind in scenario.agents else 0
        shares = scenario.agents[kind].shares if kind in scenario.agents else {}
        traits = {row["parameter"].split(".")[-1]: row for row in field_rows("", trait_fields(agent, []))}
        rows.append({
            "kind": f"`{kind}`", "count": count, "cash at the start [USD]": traits["cash"]["value"],
            "attention [1/day]": traits["attention"]["value"],
            "strategies": ", ".join(f"`{s}` {share:g}" for s, share in shares.items()),
        })  # fmt: skip
        parts += [f"### {kind}\n", f"{first_line(agent)}.\n"]
        parts += ["\n".join(f"- `{name}`: {first_line(cls)}" for name, cls in own.items()) + "\n"]
        parts += [_traits(trait_fields(agent, []))]
        for name, cls in own.items():
            if cls.Traits is not None:
                parts += [f"With `{name}` also:\n", _traits(cls.Traits.model_fields)]
    return "\n".join([table(rows, rows[0]), *parts])


def _traits(fields) -> str:
    rows = [{**row, "trait": f"`{row['parameter'].split('.')[-1]}`"} for row in field_rows("", fields)]
    return table(rows, ("trait", "value", "unit", "range", "meaning", "source"))


def phases() -> str:
    """Phases of a day's transactions, and the actions that are settled in each, in their order."""
    found = sorted({action for cls in catalogue().values() for action in actions_of(cls)}, key=lambda a: a.__name__)
    rows = [{"phase": f"`{name}`", "actions": ", ".join(f"`{a.__name__}`" for a in found if a.phase == name)}
            for name in PHASES]  # fmt: skip
    return table(rows, rows[0])


def make(page: Path, what: str) -> str:
    """What the code says for one block."""
    if what.startswith("run.py "):
        command, _, wanted = what.removeprefix("run.py ").partition(" :: ")
        return answer(page, command, wanted)
    if what == "agents":
        return who()
    if what == "phases":
        return phases()
    if what == "payers":
        return payers(baseline()[2])
    if what.startswith("payers marketplace :: "):
        return payers(marketplace()[1], what.partition(" :: ")[2])
    if what == "flows marketplace":
        return closed(marketplace()[0], 1e6, 0, CHANGE_IN_HOLDINGS)
    if what == "sheet":
        return closed(baseline()[3].drop(columns="sum"), 1, 0, "net worth")
    asset = what.removeprefix("flows ")
    return (
        closed(baseline()[0], 1e6, 0, CHANGE_IN_HOLDINGS)
        if asset == "usd"
        else closed(baseline()[1], 1e8, 3, CHANGE_IN_HOLDINGS)
    )


@pytest.mark.parametrize(
    ("file", "what", "block"),
    [
        pytest.param(*b, id=f"{b[0].name} {b[1]}", marks=pytest.mark.slow if b[1].startswith(SLOW) else ())
        for b in BLOCKS
    ],
)
def test_pages_show_what_the_code_says(file, what, block):
    assert block == make(file, what), f"{file.name}: run `python -m tests.test_docs`"


def test_the_page_on_flows_names_every_reason():
    text = (DOCS / "explanation" / "closed_world.md").read_text(encoding="utf-8")
    assert [word for word in WORDS.values() if f"*{word}*" not in text] == []


@pytest.mark.slow
def test_flows_of_both_markets_close_to_the_last_base_unit():
    for flows in (*baseline()[:2], marketplace()[0]):
        assert (flows.sum(axis=1) == 0).all()
        assert (flows.drop(index=CHANGE_IN_HOLDINGS).sum() == flows.loc[CHANGE_IN_HOLDINGS]).all()


def modules():
    for package in ("model", "agents", "experiments"):
        root = importlib.import_module(package)
        yield from (info.name for info in pkgutil.walk_packages(root.__path__, package + "."))


@pytest.mark.parametrize("name", sorted(pages()))
def test_reference_pages_are_up_to_date(name):
    path = FOLDER / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert text == pages()[name], f"{name} is old: run `make docs`"


@pytest.mark.parametrize("name", sorted(modules()))
def test_examples_in_docstrings(name):
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    seen = set()
    for thing in [module, *(v for v in vars(module).values() if getattr(v, "__module__", None) == name)]:
        target = getattr(thing, "py_func", thing)  # a compiled function keeps its examples in the Python one
        for example in finder.find(target, getattr(target, "__name__", name), module=module):
            if example.examples and (example.name, example.lineno) not in seen:
                seen.add((example.name, example.lineno))
                runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name
)
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.slow
def test_the_tutorial_uses_commands_that_exist(tmp_path, monkeypatch):
    page = DOCS / "tutorial" / "first_hour.md"
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in saved(page).items():
        Path(name).write_text(content)
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S) for line in block.splitlines()]
    for line in lines:
        words = line.removeprefix(".venv/bin/python run.py ").split()
        assert len(words) < len(line.split()), f"not a command of run.py: {line}"
        result = CliRunner().invoke(run.app, words)
        assert result.exit_code == (2 if "amm.fee=30" in words else 0), f"{line}\n{result.output}"
    for code in re.findall(r"```python\n(?!# \S+\.py\n)(.*?)```", text, flags=re.S):
        exec(compile(code, page.name, "exec"), {})


NAMED = sorted({
    (path, name)
    for path in (DOCS / "explanation").glob("*.md")
    for name in re.findall(r"`((?:model|agents)\.\w[\w.]*)`", path.read_text(encoding="utf-8"))
})  # fmt: skip


@pytest.mark.parametrize("name", sorted({name for _, name in NAMED}))
def test_functions_that_pages_name_exist(name):
    assert pkgutil.resolve_name(name) is not None


def write_made_blocks() -> None:
    """Write every made block of every page anew."""
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = MADE_BLOCK.sub(lambda m, page=page: f"<!-- made: {m[1]} -->\n{make(page, m[1])}<!-- end -->", text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    write_made_blocks()
