"""Stakes, baskets and dollars of income in a whole market: laws hold on ticks of any length, flows close."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.mechanisms.vaults import AssembleBasket, Stake, Unstake
from model.nft_kind import NftKind
from model.units import TOKEN, USD

ROW = {"name": "two", "members": [0, 1], "per_fraction": [1.0, 2.0]}


def life(hours: int, rule: str) -> tuple[Marketplace, str]:
    """A week of a small market in which the creators stake, unstake and assemble, and a work of art is shared."""
    market = Marketplace(
        "smoke", rng=2, clock__ticks=7 * 24 // hours, clock__hours_per_tick=hours, nfts__capacity=9,
        vaults__eligibility=rule, vaults__unstaked_to="providers", vaults__baskets=[ROW], vaults__life_days=5.0,
    )  # fmt: skip
    vaults: Any = market.mechanisms["vaults"]
    who = int(vaults.creator[0])
    nft = market.mechanisms["nfts"].mint(who, NftKind.METAVERSE_LAND, 40_000.0)
    v = vaults.create(who, 0, kind=NftKind.METAVERSE_LAND, nft=nft)
    market.mechanisms["amm"].seed(v, who, 100 * USD, 100 * TOKEN)
    while market.running:
        day = market.clock.tick + 1
        market.submit(Stake([who, who], vault=[0, v], amount=50 * TOKEN))
        if day % 3 == 2:
            market.submit(Unstake(who, vault=v, amount=20 * TOKEN))
        if day == 2:
            market.submit(AssembleBasket(who, vault=vaults.made["two"], amount=TOKEN))
        market.step()
    market.check()
    return market, market.fingerprint()


@pytest.mark.parametrize(("hours", "rule"), [(24, "all_holders"), (6, "lp_passthrough"), (12, "staked_only")])
def test_a_week_keeps_the_laws_and_repeats(hours: int, rule: str) -> None:
    market, first = life(hours, rule)
    vaults: Any = market.mechanisms["vaults"]
    for name in ("vaults.staked_share", "vaults.income_dollars", "vaults.income_stakers", "vaults.wound_up"):
        assert max(market.recorder.path(name)) > 0.0, name
    assert vaults.live[vaults.made["two"]], "a basket does not end"
    for asset in ("USD", "BTC", "FRACTION", "STAKE"):
        flows = market.flows(asset=asset)
        assert np.array_equal(flows.iloc[:-1].sum(axis=0).to_numpy(), flows.iloc[-1].to_numpy())
    market.close()
    again, second = life(hours, rule)
    again.close()
    assert first == second


@pytest.mark.parametrize("hours", [24, 4])
def test_days_at_a_loss_are_counted_whatever_the_tick(hours: int) -> None:
    """A lucky hour of a losing day does not begin the count anew."""
    pools = [{"name": "p", "scheme": "pplns", "fee": 0.01, "network_share": 0.25, "window": 0.1}]
    given = {
        "clock.hours_per_tick": hours, "clock.ticks": 30 * 24 // hours, "vaults.shortfall": "terminate_after_days",
        "vaults.service_fee": 0.05, "payout.pools": pools, "bitcoin.process": "constant", "network.fees": "constant",
    }  # fmt: skip
    with Marketplace(Scenario.load("smoke").override(given), rng=1) as market:
        vaults = market.run().mechanisms["vaults"]
        assert int(vaults.ends[1]) == 5
