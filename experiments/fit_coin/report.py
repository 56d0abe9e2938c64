"""What `python -m experiments.fit_coin` prints: every fit with its parameters, log likelihood and moments."""

import numpy as np

from experiments.fit_coin.blocks import block_length
from experiments.fit_coin.facts import in_bands, return_moments
from experiments.fit_coin.fees import fee_moments, fit_fees, simulate_fees
from experiments.fit_coin.garch import fit_garch, fit_targeted, garch_loglik, nearest_in_bands, simulate_garch
from experiments.fit_coin.jumps import fit_jumps, jumps_loglik, normal_loglik
from experiments.fit_coin.regimes import bic, fit_regimes
from experiments.fit_coin.series import VOLATILITY, Array

MOST_REGIMES = 5


def _table(real: dict[str, Array], simulated: dict[str, Array]) -> None:
    print(f"  {'moment':<26}{'real':>10}{'10 %':>10}{'median':>10}{'90 %':>10}{'mean':>10}")
    for name, values in simulated.items():
        low, middle, high = np.percentile(values, [10, 50, 90])
        print(f"  {name:<26}{np.mean(real[name]):>10.4g}{low:>10.4g}{middle:>10.4g}{high:>10.4g}{values.mean():>10.4g}")


def report_jumps(returns: Array) -> None:
    """Print the normal and Merton's jump diffusion, free and with the volatility imposed."""
    for name, volatility in (("free", None), (f"volatility {VOLATILITY} imposed", VOLATILITY)):
        print(f"gbm, {name}: logL {normal_loglik(returns, volatility):.1f}")
        p = fit_jumps(returns, volatility)
        values = "  ".join(f"{key} {value:.4g}" for key, value in p._asdict().items())
        print(f"jump_diffusion, {name}: {values}  diffusion {p.diffusion:.4g}  logL {jumps_loglik(p, returns):.1f}")


def report_garch(returns: Array, paths: int, seed: int) -> None:
    """Print the free fit, the targeted fit and the one chosen, with moments."""
    real = return_moments(returns)
    fits = {
        "maximum likelihood": fit_garch(returns),
        f"volatility {VOLATILITY} imposed": fit_targeted(returns),
        "nearest that meets the bands": nearest_in_bands(returns, seed=seed),
    }
    for name, p in fits.items():
        values = "  ".join(f"{key} {value:.4g}" for key, value in p._asdict().items())
        print(f"garch, {name}: {values}  persistence {p.persistence:.4f}  logL {garch_loglik(p, returns):.1f}")
        moments = return_moments(simulate_garch(p, len(returns), paths, np.random.default_rng(seed + 1)))
        _table(real, moments)
        medians, share = in_bands(moments)
        print(f"  medians {'meet' if medians else 'MISS'} the bands; {share:.0%} of paths meet all of them at once")


def report_regimes(returns: Array, seed: int) -> None:
    """Print the likeliest regimes by their number; the default has the smallest BIC."""
    for count in range(2, MOST_REGIMES + 1):
        p, loglik = fit_regimes(returns, count, seed=seed)
        criterion = bic(loglik, p.free, len(returns))
        print(f"regimes, {count}: logL {loglik:.1f}  BIC {criterion:.1f}  volatility of the whole {p.volatility:.3f}")
        for k in range(count):
            moves = " ".join(f"{chance:.4f}" for chance in p.moves[k])
            volatility, drift = p.sd[k] * 365**0.5, p.mean[k] * 365
            print(f"  {p.law[k]:>6.1%} of days  volatility {volatility:.3f}  drift {drift:>6.2f}  moves {moves}")


def report_blocks(returns: Array) -> None:
    """Print lengths of blocks for returns and for their size."""
    length, size = block_length(returns), block_length(np.abs(returns))
    print(f"bootstrap, block length by Politis and White: returns {length:.1f} days, their size {size:.1f} days")


def report_fees(ratios: Array, subsidies: Array, years: Array, paths: int, seed: int) -> None:
    """Print the fit of the fee process with moments."""
    p = fit_fees(ratios)
    print("Fees:", "  ".join(f"{key} {value:.4g}" for key, value in p._asdict().items()))
    moments = fee_moments(simulate_fees(p, len(ratios), paths, np.random.default_rng(seed)), subsidies, years)
    _table(fee_moments(ratios, subsidies, years), moments)
    largest, share = moments["largest day, BTC"], moments["yearly fee share"]
    print(f"  yearly share, 1 % and 99 %: {np.percentile(share, 1):.4f} {np.percentile(share, 99):.4f}")
    print(f"  years below .02: {np.mean(share < 0.02):.1%}, above .13: {np.mean(share > 0.13):.1%}")
    print(f"  periods of {len(ratios)} days with a day above 1,200 BTC: {np.mean(largest > 1200):.0%}")
