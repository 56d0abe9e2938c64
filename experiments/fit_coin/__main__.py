"""The command `python -m experiments.fit_coin`."""

import argparse
import csv
from pathlib import Path

import numpy as np

from experiments.fit_coin import __doc__ as about
from experiments.fit_coin import picture, report
from experiments.fit_coin.facts import facts_table
from experiments.fit_coin.series import FIRST, LAST, daily_returns, read_columns
from experiments.sources import FOLDER


def main(arguments: list[str] | None = None) -> None:
    """Read the daily figures, fit, simulate, print; or print the facts, or draw them."""
    parser = argparse.ArgumentParser(prog="python -m experiments.fit_coin", description=about)
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=FOLDER,
        help="folder of btc_daily.csv; if left out, the one that RIGSHARE_SOURCES names, or sources",
    )
    parser.add_argument("--facts", action="store_true", help="print the stylised facts of every process instead")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="draw every process beside the real series instead")
    parser.add_argument("--paths", type=int, default=2000, help="simulated paths of the fits")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    columns = read_columns(options.folder / "btc_daily.csv")
    if options.picture is not None:
        picture.draw(options.picture, columns, options.seed)
    if options.facts:
        print(facts_table(columns), end="")
    if options.facts or options.picture is not None:
        return
    returns = daily_returns(columns)
    print(f"{len(returns)} days, {FIRST} to {LAST}")
    report.report_jumps(returns)
    report.report_garch(returns, options.paths, options.seed)
    report.report_regimes(returns, options.seed)
    report.report_blocks(returns)
    targets = options.folder / "targets.csv"
    if targets.is_file():
        with targets.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.DictReader(file) if row["name"].startswith(("ret_", "fee_share_20"))]
        print("targets:", "  ".join(f"{row['name']} {row['value']}" for row in kept))
    subsidies = np.array(columns["subsidy_btc_per_day"][1:], float)
    ratios = np.array(columns["fees_btc_per_day"][1:], float) / subsidies
    years = np.array([float(day[:4]) for day in columns["date"][1:]])
    report.report_fees(ratios, subsidies, years, options.paths, options.seed)


if __name__ == "__main__":
    main()
