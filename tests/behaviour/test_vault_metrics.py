"""Metrics of vaults say who got what."""

import pytest

from model.mechanisms.vaults import Stake
from model.metrics import vaults as metrics
from model.nft_kind import NftKind
from model.units import USD
from tests.vault_house import WHOLE, House


def test_income_by_who_got_it() -> None:
    house = House(vaults={"eligibility": "lp_passthrough", "unstaked_to": "treasury", "service_fee": 0.0}, pools=True)
    a = house.agents[0]
    rigs = house.vault()
    work = house.vaults.create(a, 0, kind=NftKind.ART, nft=house.nfts.mint(a, 900.0))
    house.amm.seed(rigs, a, 500 * WHOLE, 200 * WHOLE)
    house.day(Stake(a, vault=rigs, amount=300 * WHOLE))
    house.ledger.value[1] = 2e-4  # USD per satoshi
    house.mine(rigs, 100_000)
    house.rent(work, 8 * USD)
    house.day()
    assert metrics.income(house.market) == pytest.approx(28.0)
    assert metrics.income_dollars(house.market) == pytest.approx(8.0)
    assert metrics.income_stakers(house.market) == pytest.approx(6.0)
    assert metrics.income_providers(house.market) == pytest.approx(4.0)
    assert metrics.income_taken(house.market) == pytest.approx(18.0)
    assert metrics.staked_share(house.market) == pytest.approx(0.15)
    assert (metrics.wound_up(house.market), metrics.terminated(house.market), metrics.taken_out(house.market)) == (
        0,
        0,
        0,
    )
