"""One run's draws for the peers, from this marketplace's own streams: prices, traits, who looks when; kept in files."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.credit_study.rules import Loan, Sizes

ORDER = "seeds.npy"


class Draws(NamedTuple):
    """All that is random in a run, and its parameters.

    Attributes:
        coin: price of a coin by day [USD]
        awake: which borrowers look on a day, bool[day, borrower]
        pledge: fractions of each borrower
        target: health factor that he likes
        prudence: part of what he owes too much that he repays when he looks
        loan: rules of lending
        sizes: of the market
    """

    coin: NDArray[np.float64]
    awake: NDArray[np.bool_]
    pledge: NDArray[np.float64]
    target: NDArray[np.float64]
    prudence: NDArray[np.float64]
    loan: Loan
    sizes: Sizes


def path_of(folder: Path, seed: int) -> Path:
    """File of a run's draws."""
    return folder / f"draws-{seed}.npz"


def seeds_in(folder: Path) -> list[int]:
    """Seeds of the runs whose draws are kept, in the order of their making."""
    kept: list[int] = np.load(folder / ORDER).tolist()
    return kept


def load(folder: Path, seed: int) -> Draws:
    """Draws of a run, from their file."""
    with np.load(path_of(folder, seed)) as kept:
        columns = {name: kept[name] for name in Draws._fields}
    columns["loan"], columns["sizes"] = Loan(*columns["loan"].tolist()), Sizes(*columns["sizes"].tolist())
    return Draws(**columns)


def save(folder: Path, borrowers: int, days: int, seeds: list[int]) -> None:
    """Make the draws of some runs as this marketplace would, and keep them."""
    from benchmarks.peers.credit_study.market import scenario
    from model import Marketplace
    from model.streams import uniforms

    study = scenario(borrowers, days)
    np.save(folder / ORDER, np.array(seeds, np.int64))
    for seed in seeds:
        with Marketplace(study, rng=seed) as market:
            people, sponsor = market.populations["borrower"], market.populations["sponsor"]
            coin, slots = market.mechanisms["bitcoin"], np.arange(borrowers)
            prices, awake = np.empty(days), np.zeros((days, borrowers), np.bool_)
            first = coin.price
            for day in range(days):
                market.clock.tick = day
                coin.move_price()
                prices[day] = coin.price
                key = market.streams.key("attention", people.table.kind, day)
                awake[day] = uniforms(key, slots, 0) < people.attention
            fractions, backing = float(sponsor.pool_fractions[0]), float(sponsor.backing[0])
            params = market.mechanisms["lending"].params
            np.savez(
                path_of(folder, seed),
                coin=prices,
                awake=awake,
                pledge=people.pledge,
                target=people.target,
                prudence=people.prudence,
                loan=[getattr(params, name) for name in Loan._fields],
                sizes=[
                    fractions * backing * first,
                    fractions,
                    float(sponsor.deposit[0]),
                    backing,
                    market.mechanisms["amm"].view().fee,
                    float(people.band[0]),
                ],
            )
