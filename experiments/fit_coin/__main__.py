"""The command `python -m experiments.fit_coin`."""

import csv
import sys

import numpy as np

from experiments.disk import unwritable
from experiments.fit_coin import __doc__ as about
from experiments.fit_coin import picture, report
from experiments.fit_coin.facts import facts_table
from experiments.fit_coin.series import FIRST, LAST, daily_returns, read_columns
from experiments.script import Options, Words, script
from experiments.sources import FOLDER


@script
def main(arguments: Words = None) -> None:
    """Read the daily figures, fit, simulate, print; or print the facts, or draw them."""
    options = Options("fit_coin", about)
    options.path(
        "folder",
        nargs="?",
        default=FOLDER,
        help="folder of btc_daily.csv; if left out, the one that RIGSHARE_SOURCES names, or sources",
    )
    options.add_argument("--facts", action="store_true", help="print the stylised facts of every process instead")
    options.path("--picture", metavar="PNG", help="draw every process beside the real series instead")
    options.whole("--paths", 2000, "simulated paths of the fits")
    options.whole("--seed", 1, "of what is simulated", least=0)
    given = options.parse_args(arguments)
    columns = read_columns(given.folder / "btc_daily.csv")
    if given.picture is not None:
        try:
            picture.draw(given.picture, columns, given.seed)
        except OSError as error:
            raise unwritable(given.picture, error, "choose another place with --picture") from None
    if given.facts:
        print(facts_table(columns), end="")
    if given.facts or given.picture is not None:
        return
    returns = daily_returns(columns)
    print(f"{len(returns)} days, {FIRST} to {LAST}")
    report.report_jumps(returns)
    report.report_garch(returns, given.paths, given.seed)
    report.report_regimes(returns, given.seed)
    report.report_blocks(returns)
    targets = given.folder / "targets.csv"
    if targets.is_file():
        with targets.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.DictReader(file) if row["name"].startswith(("ret_", "fee_share_20"))]
        print("targets:", "  ".join(f"{row['name']} {row['value']}" for row in kept))
    subsidies = np.array(columns["subsidy_btc_per_day"][1:], float)
    ratios = np.array(columns["fees_btc_per_day"][1:], float) / subsidies
    years = np.array([float(day[:4]) for day in columns["date"][1:]])
    report.report_fees(ratios, subsidies, years, given.paths, given.seed)


if __name__ == "__main__":
    sys.exit(main())
