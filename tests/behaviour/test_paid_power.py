"""What power really costs reaches every rule that invests: level and shocks, taxes, cooling; who cannot pay defaults."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace
from model.errors import ScenarioError
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.running import Tariff
from model.nft_kind import NftKind
from model.units import USD


def ordered(**given: Any) -> dict[str, float]:
    """USD for which each kind orders rigs in four weeks."""
    found: dict[str, float] = {}
    with Marketplace("smoke", rng=1, clock__ticks=28, bitcoin__process="constant", **given) as market:
        settle = market.settlement.handlers[OrderRigs]

        def watched(rows: Any, order: Any) -> None:
            settle(rows, order)
            for row in rows[rows["filled"] > 0]:
                kind = market.ledger.sectors[market.ledger.books.sector[row["account"]]]
                found[kind] = found.get(kind, 0.0) + float(row["usd"]) / USD

        market.settlement.handlers[OrderRigs] = watched
        market.run()
    return found


def test_dear_power_deters_whoever_invests() -> None:
    plain = ordered()
    for dear in ({"power__level": 2.0}, {"regulation__power_tax": 0.03}):
        found = ordered(**dear)
        for kind in ("miner", "rest_of_network"):
            assert found.get(kind, 0.0) < plain[kind]


def test_a_kwh_costs_its_price_times_the_day_and_its_tax() -> None:
    assert Tariff(2.0, 0.01, 0.1).paid(0.05) == pytest.approx(0.05 * 2.0 * 1.1 + 0.01)


def test_rigs_are_worth_less_where_power_is_dear() -> None:
    marks = []
    for level in (1.0, 1.2):
        with Marketplace("smoke", rng=1, clock__ticks=1, power__level=level) as market:
            market.step()
            rigs = market.mechanisms["rigs"]
            marks.append((rigs._price_target(), rigs._mark_of(1.2 * rigs.shipping) / rigs._mark_of(rigs.shipping)))
    assert marks[1][0] <= marks[0][0] and marks[1][1] < marks[0][1]


def test_cooling_of_the_newest_site_counts() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=2) as market:
        market.step()
        view = market.view.rigs
        miners = market.populations["miner"].account[:2]
        price = np.full(2, 0.05)
        before = view.all_in_cost(miners, price)
        market.mechanisms["rigs"].fleet.sites.cooling[view.site[miners[0]]] = 1.5
        after = view.all_in_cost(miners, price)
        assert after == pytest.approx([1.5 * before[0], before[1]])


def test_utilities_wait_for_a_buyer_who_can_pay() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=3) as market:
        market.step()
        ledger, rigs, power = market.ledger, market.mechanisms["rigs"], market.mechanisms["power"]
        miner, buyer = int(market.populations["miner"].account[0]), rigs.buyer
        bill, purse = int(rigs.mark(miner) * USD * 0.5), ledger.balance(USD_ASSET, buyer)
        ledger.pay(PAYABLE_ASSET, ledger.utilities, miner, bill, Flow.POWER)
        due, held = ledger.balance(PAYABLE_ASSET, miner), rigs.held(miner)
        ledger.pay(USD_ASSET, buyer, ledger.world, purse, Flow.SURPLUS)
        power._default(miner)
        assert (rigs.held(miner), ledger.balance(PAYABLE_ASSET, miner)) == (held, due)
        ledger.pay(USD_ASSET, ledger.world, buyer, purse, Flow.ENDOWMENT)
        before = ledger.balance(USD_ASSET, ledger.utilities)
        power._default(miner)
        assert 0 < rigs.held(miner) < held and ledger.balance(PAYABLE_ASSET, miner) == 0
        assert ledger.balance(USD_ASSET, ledger.utilities) - before == due


def test_a_right_ends_whose_power_nobody_pays() -> None:
    """Take or pay at a price that no miner pays: the owner of one right has no money, that of the other has."""
    right: dict[str, Any] = {"take_or_pay": 1.0, "contract_price": 1.0, "term_days": 400.0}
    with Marketplace(
        "smoke", rng=1, clock__ticks=60, **{f"nfts__{key}": value for key, value in right.items()}
    ) as market:
        ledger, nfts = market.ledger, market.mechanisms["nfts"]
        poor, rich = (int(a) for a in ledger.open_accounts("platform", 2))
        ledger.pay(USD_ASSET, ledger.world, rich, 10**6 * USD, Flow.ENDOWMENT)
        rights = [nfts.mint(owner, NftKind.MINING_RIGHT, 1_000.0) for owner in (poor, rich)]
        days = market.mechanisms["power"].params.days_to_default
        while market.clock.tick <= days:
            market.step()
        assert (nfts.table.days_left[rights] > 0.0).tolist() == [False, True]
        assert ledger.balance(PAYABLE_ASSET, poor) == 0 and nfts.table.owner[rights[0]] == poor
        market.step()
        assert ledger.balance(PAYABLE_ASSET, poor) == 0 > nfts.table.income[rights[1]]


@pytest.mark.parametrize("rest", ["fixed", "elastic"])
def test_a_difficulty_of_ones_own_is_that_of_the_whole_network(rest: str) -> None:
    """Blocks come every ten minutes, and the marketplace has its share, whatever the difficulty of the start."""
    parts = []
    for difficulty in (None, 6e13):
        given = {} if difficulty is None else {"network__difficulty": difficulty}
        with Marketplace(
            "smoke", rng=1, clock__ticks=1, network__rest=rest, network__blocks="expected", **given
        ) as market:
            network, rigs = market.mechanisms["network"], market.mechanisms["rigs"]
            parts.append(rigs.outside_rest() / 1e3 / (network.start_hashrate / 1e12))
            market.step()
            assert network.blocks_found == pytest.approx(145, abs=12)
    assert parts[1] == pytest.approx(parts[0], rel=0.1)
    with pytest.raises(ScenarioError, match="which a difficulty of yours contradicts"):
        Marketplace("smoke", rng=1, network__rest="history", network__difficulty=1e13)


def test_makers_who_charge_nothing_for_their_cost_have_a_price_all_the_same() -> None:
    with Marketplace(
        "smoke", rng=1, clock__ticks=5, rigs__price_floor=0.0, rigs__price_share=0.0, network__rest="fixed"
    ) as market:
        market.run()
        assert market.mechanisms["rigs"].price > 0.0
