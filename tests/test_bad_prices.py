"""Bad series of prices of one's own: one clear sentence that names the row."""

from pathlib import Path

import pytest

from model import ScenarioError
from model.tables import read_price_csv
from tests.test_bad_input import GOOD, _in_an_empty_folder, refuse, scenario  # noqa: F401 (a fixture)


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ("2023-01-01,100\n2023-01-03,100\n", "2023-01-03 is not the day after 2023-01-01"),
        ("2023-01-01,100\n2023-01-02,-4\n", "'-4' is no positive number"),
        ("2023-01-01,100\n2023-01-02,\n", "'' is no positive number"),
        ("2023-01-01,100\n2023-01-02,nan\n", "'nan' is no positive number"),
        ("01/02/2023,100\n", "is not a day"),
        ("2023-01-01,100\n", "at least two days"),
    ],
)
def test_a_faulty_price_series(rows, part):
    Path("prices.csv").write_text("date,price_usd\n" + rows)
    with pytest.raises(ScenarioError, match=r"prices\.csv") as raised:
        read_price_csv("prices.csv")
    assert part in str(raised.value)
    assert part in refuse("run", scenario(GOOD + '[bitcoin]\nprocess = "csv"\nfile = "prices.csv"\n'))


@pytest.mark.parametrize("cell", ["16_500", "\u0661\u0666"])
def test_prices_are_plain_digits(cell):
    Path("prices.csv").write_text(f"date,price_usd\n2023-01-01,{cell}\n2023-01-02,1\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"prices\.csv:2: price_usd .* is no positive number"):
        read_price_csv("prices.csv")


def test_one_column_of_prices():
    Path("prices.csv").write_text("date,price_usd,price_usd\n2023-01-01,1,2\n2023-01-02,1,2\n")
    with pytest.raises(ScenarioError, match=r"prices\.csv:1: 2 columns are called price_usd; keep one"):
        read_price_csv("prices.csv")


def test_prices_are_no_dearer_than_a_market_can_count():
    Path("prices.csv").write_text("date,price_usd\n2023-01-01,1\n2023-01-02,1e300\n")
    with pytest.raises(ScenarioError, match=r"prices\.csv:3: price_usd '1e300' is more than 1,000,000,000 USD"):
        read_price_csv("prices.csv")
