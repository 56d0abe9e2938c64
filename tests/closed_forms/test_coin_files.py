"""Files of prices: what the market refuses is in the table of the page on them, word for word."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from model import Marketplace, Scenario
from model.errors import ScenarioError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "use_your_own_prices.md"
HEAD = "date,price_usd\n2023-01-01,16500\n"
STILL = "".join(f"{date(2023, 1, 2) + timedelta(days=n)},16500\n" for n in range(80))
FAULTS: dict[str, tuple[str, str]] = {
    "begin with date,price_usd": ("csv", "day,close\n2023-01-01,16500\n"),
    "is not a day; write YYYY-MM-DD": ("csv", HEAD + "02/01/2023,16600\n"),
    "sort and fill in every day": ("bootstrap", HEAD + "2023-01-03,16600\n"),
    "is no positive number; write dollars like 16547.5": ("csv", HEAD + '2023-01-02,"16,600"\n'),
    "move clock.start or take fewer clock.ticks": ("csv", HEAD + "2023-01-02,16600\n"),
    "bootstrap wants at least 61 days": ("bootstrap", HEAD + "2023-01-02,16600\n"),
    "bootstrap wants prices that vary": ("bootstrap", HEAD + STILL),
}
NO_FILE = "name a CSV file with header date,price_usd"
NOT_NAMED = "plays prices of yours; give file"


def market(folder: Path, **coin: Any) -> Marketplace:
    tables = {"clock": {"ticks": 10, "start": "2023-01"}, "bitcoin": coin}
    return Marketplace(Scenario.from_tables(tables, "test", folder=folder), rng=1)


@pytest.mark.parametrize("message", FAULTS)
def test_a_faulty_file_is_named(message: str, tmp_path: Path) -> None:
    process, text = FAULTS[message]
    (tmp_path / "prices.csv").write_text(text)
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        market(tmp_path, process=process, file="prices.csv")
    assert "prices.csv" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("process", ["csv", "bootstrap"])
def test_a_file_is_asked_for(process: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=f'process = "{process}" {NOT_NAMED}'):
        market(tmp_path, process=process)
    with pytest.raises(ScenarioError, match=NO_FILE):
        market(tmp_path, process=process, file="none.csv")


def test_the_page_lists_every_refusal() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| message | do |")[2]
    listed = re.findall(r"^\| `([^`]+)` \|", table, flags=re.M)
    assert sorted(listed) == sorted([*FAULTS, NO_FILE, NOT_NAMED])
