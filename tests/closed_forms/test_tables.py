"""Tables of real figures: what they hold, and what a user's price file may not hold."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from experiments import fit_coin, sources
from model import tables
from model.errors import ScenarioError
from model.tables import FOLDER, month_index, month_series, read_price_csv, table

DAILY = sources.FOLDER / "btc_daily.csv"
needs_source = pytest.mark.skipif(not DAILY.is_file(), reason=f"needs {DAILY}, which does not ship: RIGSHARE_SOURCES")
NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_rectangular_sourced_and_documented(name: str) -> None:
    lengths = {len(column) for column in table(name).values()}
    assert len(lengths) == 1 and lengths.pop() > 0
    assert (FOLDER / f"{name}.csv").read_text(encoding="utf-8").startswith("# source: ")
    assert f"`{name}.csv`" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_a_table_is_added_as_the_page_change_data_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "change_data.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in NAMES)
    (rows,) = re.findall(r"```csv\n(.*?)```", text, re.S)
    (tmp_path / "consumption.csv").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    found = table("consumption")
    assert found["month"] == ["2023-01", "2023-02"] and np.isnan(found["consumption_twh"][1])
    assert month_series("consumption", "consumption_twh", "2023-01", "2023-01").tolist() == [102.5]
    with pytest.raises(ScenarioError, match="no figures"):
        month_series("consumption", "consumption_twh", "2023-01", "2023-02")


def test_arrays_are_read_only_and_lists_are_copies() -> None:
    with pytest.raises(ValueError, match="read-only"):
        table("btc_monthly")["price_usd"][0] = 1.0
    table("btc_monthly")["month"][0] = "x"
    assert table("btc_monthly")["month"][0] == "2009-01"


@pytest.mark.parametrize("name", ["btc_monthly", "best_rig"])
def test_months_are_consecutive(name: str) -> None:
    indices = [month_index(month) for month in table(name)["month"]]
    assert indices == list(range(indices[0], indices[0] + len(indices)))
    assert table(name)["month"][-1] == "2024-12"


def test_figures_agree_with_each_other() -> None:
    difficulty, blocks, hashrate = (
        month_series("btc_monthly", column, "2018-01", "2024-12")
        for column in ("difficulty", "blocks_per_day", "hashrate_ehs")
    )
    np.testing.assert_allclose(hashrate, difficulty * 2**32 * blocks / 86_400 / 1e18, rtol=0.03)
    rigs = table("rigs")
    np.testing.assert_allclose(rigs["j_per_th"], rigs["watts"] / rigs["ths"], rtol=0.01)
    assert set(rigs["kind"]) == {"asic"} and len(rigs["model"]) == 57
    assert month_series("btc_monthly", "volatility", "2018-01", "2024-12").mean() == pytest.approx(0.62, abs=0.05)
    assert all(0.25 <= ratio <= 4 for ratio in table("retargets")["ratio"])


def test_month_index_and_series() -> None:
    assert [month_index(month) for month in ("2009-01", "2023-01", "2024-12")] == [0, 168, 191]
    assert month_series("best_rig", "j_per_th", "2024-11", "2024-12").tolist() == [14.41, 14.14]


@pytest.mark.parametrize("month", ["2023", "2023-13", "2023-1", "23-01", "", "2023-01-01"])
def test_month_index_refuses(month: str) -> None:
    with pytest.raises(ScenarioError, match="write YYYY-MM"):
        month_index(month)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("btc_daily", "price_usd", "2020-01", "2020-02"), "no such table"),
        (("rigs", "ths", "2020-01", "2020-02"), "no such monthly series"),
        (("btc_monthly", "month", "2020-01", "2020-02"), "no such monthly series"),
        (("btc_monthly", "prise", "2020-01", "2020-02"), "price_usd"),
        (("btc_monthly", "price_usd", "2010-01", "2010-12"), "choose months from 2010-07 to 2024-12"),
        (("btc_monthly", "price_usd", "2024-12", "2025-01"), "choose months from 2010-07 to 2024-12"),
        (("btc_monthly", "price_usd", "2024-12", "2024-01"), "no figures for 2024-12 to 2024-01"),
    ],
)
def test_month_series_refuses(arguments: tuple[str, str, str, str], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        month_series(*arguments)


def test_read_price_csv(tmp_path: Path) -> None:
    path = tmp_path / "price.csv"
    path.write_bytes(
        b"\xef\xbb\xbfdate, price_usd,note\r\n2024-02-28,51000,a\r\n2024-02-29, 6.1e4,b\r\n\r\n2024-03-01,62000.5\r\n"
    )
    days, prices = read_price_csv(path)
    assert days == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert prices.tolist() == [51_000.0, 61_000.0, 62_000.5]
    assert not prices.flags.writeable


HEAD = "date,price_usd\n2024-01-01,42000\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xd8", "not text in UTF-8"),
        ("date,price_usd\n2024-01-01,1\n".encode("utf-16"), "not text in UTF-8"),
        (b"", ":1: no column date"),
        (b"time,price_usd\n", ":1: no column date in 'time,price_usd'; begin with date,price_usd"),
        (b"date,close\n2024-01-01,1\n", ":1: no column price_usd in 'date,close'"),
        (HEAD + "2024-01-02,\n", ":3: price_usd '' is no positive number"),
        (HEAD + "2024-01-02\n", ":3: price_usd '' is no positive number"),
        (HEAD + '2024-01-02,"42,000"\n', ":3: price_usd '42,000' is no positive number"),
        (HEAD + "2024-01-02,$5\n", ":3: price_usd '\\$5' is no positive number"),
        (HEAD + "2024-01-02,0\n", ":3: price_usd '0' is no positive number"),
        (HEAD + "2024-01-02,-1\n", ":3: price_usd '-1' is no positive number"),
        (HEAD + "2024-01-02,nan\n", ":3: price_usd 'nan' is no positive number"),
        (HEAD + "2024-01-02,inf\n", ":3: price_usd 'inf' is no positive number"),
        (HEAD + "2024-01-02,1e999\n", ":3: price_usd '1e999' is no positive number"),
        (HEAD + "02/01/2024,1\n", ":3: date '02/01/2024' is not a day; write YYYY-MM-DD"),
        (HEAD + "20240102,1\n", ":3: date '20240102' is not a day"),
        (HEAD + "2024-W01-2,1\n", ":3: date '2024-W01-2' is not a day"),
        (HEAD + "2023-02-30,1\n", ":3: date '2023-02-30' is not a day"),
        (HEAD + "2024-01-01,1\n", ":3: date 2024-01-01 is not the day after 2024-01-01"),
        (HEAD + "2023-12-31,1\n", ":3: date 2023-12-31 is not the day after"),
        (HEAD + "2024-01-03,1\n", ":3: date 2024-01-03 is not the day after 2024-01-01"),
        (HEAD, "rows of prices: 1; give at least two days"),
        ("date,price_usd\n", "rows of prices: 0"),
    ],
)
def test_read_price_csv_refuses(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError, match=message) as caught:
        read_price_csv(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_read_price_csv_refuses_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ScenarioError, match="name a CSV file"):
            read_price_csv(path)


@needs_source
def test_monthly_prices_are_the_means_of_the_daily_ones() -> None:
    columns = fit_coin.read_columns(DAILY)
    days, prices = np.array(columns["date"][1:]), np.array(columns["price_usd"][1:], float)
    means = [prices[np.char.startswith(days, month)].mean() for month in ("2018-01", "2021-11", "2024-12")]
    shipped = [month_series("btc_monthly", "price_usd", month, month)[0] for month in ("2018-01", "2021-11", "2024-12")]
    np.testing.assert_allclose(shipped, means, rtol=1e-3)
