"""Pool hoppers: miners who work for a proportional pool only while its round is young [Rosenfeld2011].

Early shares of a round divide the block among few, so those who leave at .4348 of difficulty are paid 1.28 times their
work, out of the pockets of those who stay. Present only where a scenario names the strategy.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, Traits, trait
from agents.miners import Mine
from model.actions import Action
from model.mechanisms.payout import SCHEMES, JoinPool
from model.units import GIGAHASH, HASHES_PER_SHARE, SECONDS_PER_DAY
from model.view import MarketView


class HopperTraits(Traits):
    """Traits of hoppers."""

    hop_at: Any = trait(
        0.4348, "1", "shares of the round over difficulty at which a hopper leaves",
        source="Rosenfeld 2011: e^x E1(x) = 1", low=0, high=10,
    )  # fmt: skip
    hop_blocks: Any = trait(
        0.2, "blocks/tick", "most blocks in a tick of a pool whose rounds can be followed; a round is seen once a tick",
        source="pools of <= .2 blocks a day at daily looks", low=0, high=100,
    )  # fmt: skip


class Hopper(Mine):
    """Mines and sells coins; joins the youngest round of a small proportional pool, and leaves it at `hop_at`.

    In between he works for the cheapest pool that cannot be hopped, or alone. What he was paid and what his work was
    worth on average are summed up while he is awake.
    """

    name = "hopper"
    Traits = HopperTraits

    def open(self) -> None:
        """Nothing earned yet."""
        self.population.add_column("hop_earned")
        self.population.add_column("hop_worth")

    def choose(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Hop."""
        payout, network = market.payout, market.network
        blocks = GIGAHASH * SECONDS_PER_DAY * market.dt_days / HASHES_PER_SHARE / network.difficulty
        reward = blocks * (network.subsidy + network.fees_per_block)
        cohort.write("hop_earned", cohort.hop_earned + payout.gross[cohort.account])
        cohort.write("hop_worth", cohort.hop_worth + market.rigs.running[cohort.account] * reward)

        rules = [SCHEMES[name].subsidy for name in payout.schemes]
        safe = [k for k, by in enumerate(rules) if payout.open[k] and by in ("work", "window")]
        home = min(safe, key=lambda k: payout.fee[k]) if safe else len(rules)
        wanted = np.full(len(cohort), home)
        age = payout.round_shares / network.difficulty
        rounds = [k for k, by in enumerate(rules) if payout.open[k] and by == "round"]
        for k in sorted(rounds, key=lambda k: -age[k]):  # the youngest has the last word
            wanted[(age[k] < cohort.hop_at) & (payout.hashrate[k] * blocks <= cohort.hop_blocks)] = k
        moves = wanted != payout.pool_of[cohort.account]
        yield JoinPool(cohort.account[moves], pool=wanted[moves])
