"""Fits of the coin price and of transaction fees to the daily figures of 2018-2024.

`python -m experiments.fit_coin [FOLDER]` prints every fit. With `--facts` it prints the stylised facts of the real series
and of each process as the market runs it, with `--picture PNG` it draws them. FOLDER holds btc_daily.csv (columns date,
price_usd, subsidy_btc_per_day, fees_btc_per_day) and, if you like, targets.csv; no daily price ships. The numbers chosen
as defaults are in docs/explanation/fits.md.
"""

from experiments.fit_coin.blocks import block_length
from experiments.fit_coin.facts import BANDS, facts_table, in_bands, return_moments, simulate, simulate_beside
from experiments.fit_coin.fees import Fees, fee_errors, fee_moments, fit_fees, simulate_fees
from experiments.fit_coin.garch import Garch, fit_garch, fit_targeted, garch_loglik, simulate_garch, targeted
from experiments.fit_coin.jumps import Jumps, fit_jumps, jumps_loglik, normal_loglik
from experiments.fit_coin.regimes import Switching, fit_regimes, switching_loglik
from experiments.fit_coin.series import autocorrelation, daily_returns, read_columns, write_prices

__all__ = [
    "BANDS", "Fees", "Garch", "Jumps", "Switching", "autocorrelation", "block_length", "daily_returns", "facts_table",
    "fee_errors", "fee_moments", "fit_fees", "fit_garch", "fit_jumps", "fit_regimes", "fit_targeted", "garch_loglik",
    "in_bands", "jumps_loglik", "normal_loglik", "read_columns", "return_moments", "simulate",
    "simulate_beside", "simulate_fees", "simulate_garch", "switching_loglik", "targeted", "write_prices",
]  # fmt: skip
