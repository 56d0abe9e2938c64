"""Miners who borrowed against rigs in November 2021: prices fall, rigs are seized and sold, and lenders lose most."""

import pytest

from model import Marketplace


@pytest.mark.slow
def test_lenders_of_2021_get_a_third_or_less_back() -> None:
    with Marketplace("rig_loans_2022", rng=1) as market:
        market.run()
        market.check()
        price = market.recorder.path("rigs.price")
        last = market.recorder.latest
        assert price[-1] < 0.25 * price[0]
        assert market.summary()["nft_loans.rig_defaults"] >= 10
        assert 0.15 < last["nft_loans.rig_recovery"] < 0.45
        assert last["nft_loans.lost_by_depositors"] > last["nft_loans.lost_by_reserve"] > 0
        desk = market.mechanisms["nft_loans"].desk
        assert desk.cash + desk.debts == desk.claims + desk.reserve
        events = market.events()
        assert (events.kind == "rig default").sum() >= 10
