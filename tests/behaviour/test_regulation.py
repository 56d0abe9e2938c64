"""Regulation: caps bind, kinds are closed, institutions wait, a ban stops rigs and they come back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from experiments.statistics import estimated_gap
from model import Marketplace, Scenario
from model.actions import Status, Trade
from model.mechanisms.amm import AddLiquidity, Swap
from model.mechanisms.auction.public import BatchOrder
from model.mechanisms.buyouts.public import CounterBuyout
from model.mechanisms.offerings import Subscribe
from model.mechanisms.regulation.holdings import held_by
from model.nft_kind import NftKind
from model.units import TOKEN, USD

CAP, TICKS, SEEDS = 2_500.0, 90, (1, 2, 3)
CENT = 0.01


def retail(market: Marketplace) -> np.ndarray:
    """Which accounts are retail investors'."""
    return market.ledger.books.sector == market.ledger.sectors.index("retail_investor")


def watched(market: Marketplace, broken: list[str], seen: dict[str, int]) -> None:
    """Look at every purchase as it is settled: what its account holds this morning's prices, and what it pays."""
    vaults, own = market.mechanisms["vaults"], retail(market)

    def look(action: Any, handler: Any) -> Any:
        def settle(rows: Any, order: Any) -> None:
            accounts = np.arange(market.ledger.accounts)
            assets = [int(a) for name in ("fraction", "receipts") for a in getattr(vaults, name)[: vaults.n] if a >= 0]
            held = held_by(market.ledger.books, market.ledger.value, assets, accounts)
            handler(rows, order)
            spent, total = action.spent(rows), np.zeros(accounts.size)
            assert spent is not None
            np.add.at(total, rows["account"], np.where(rows["status"] == Status.DONE, spent / USD, 0.0))
            buyers = own[accounts] & (total > 0.0)
            rich = market.wealth[accounts] >= 1_000_000
            over = buyers & ~rich & (held + total > CAP + CENT)
            broken.extend(f"tick {market.clock.tick}, {action.__name__}: account {a}" for a in accounts[over])
            seen["bought"] += int(buyers.sum())
            seen["refused"] += int((rows["status"] == Status.NOT_ALLOWED).sum())

        return settle

    for action in (Swap, Subscribe):
        market.settlement.handlers[action] = look(action, market.settlement.handlers[action])


def test_no_purchase_lifts_a_retail_account_above_the_cap() -> None:
    broken: list[str] = []
    seen = {"bought": 0, "refused": 0}
    with Marketplace("retail_cap", rng=1, clock__ticks=TICKS) as market:
        watched(market, broken, seen)
        market.run().check()
        refused = market.summary()["regulation.refused"]
    assert not broken
    assert seen["bought"] > 50
    assert refused >= seen["refused"] > 0


def test_a_cap_answers_its_question(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("holdings.retail_top_tenth", "holdings.gini", "amm.volume", "regulation.over_cap")
    found: dict[str, list[dict[str, float]]] = {"baseline": [], "retail_cap": []}
    for scenario, runs in found.items():
        for seed in SEEDS:
            with Marketplace(scenario, rng=seed, clock__ticks=TICKS) as market:
                runs.append(market.run().summary())
    free, capped = found.values()
    with capsys.disabled():
        print(f"\na cap of {CAP:,.0f} USD, {TICKS} days, {len(SEEDS)} seeds, capped minus free:")
        for name in names:
            change = estimated_gap([run.get(name, 0.0) for run in free], [run[name] for run in capped], name)
            print(f"  {name}: {change.mean:+.4g} ({change.low:+.4g} to {change.high:+.4g})")
    assert all(run["regulation.over_cap"] > 0 for run in capped)
    tenth = [run["holdings.retail_top_tenth"] for run in free], [run["holdings.retail_top_tenth"] for run in capped]
    assert estimated_gap(*tenth, "top tenth").mean < 0.0


@pytest.fixture
def house() -> Iterator[Marketplace]:
    with Marketplace("smoke", rng=1, clock__ticks=20, regulation__retail_cap=CAP) as market:
        market.step()
        yield market


def screened(market: Marketplace, action: Any, **columns: Any) -> list[int]:
    """Statuses that the law gives to some rows."""
    batch = action(**columns)
    law = market.mechanisms["regulation"]
    law.screen(action, batch.rows, np.arange(len(batch)))
    return batch.rows["status"].tolist()


def test_a_cap_counts_rows_of_one_batch_together(house: Marketplace) -> None:
    who = int(house.populations["retail_investor"].account[0])
    house.ledger.value[:] = 0.0
    statuses = screened(house, Swap, account=[who] * 3, vault=0, side=0, amount=[2_000 * USD] * 3, limit=0)
    assert statuses == [Status.PENDING, Status.NOT_ALLOWED, Status.NOT_ALLOWED]
    assert screened(house, Swap, account=who, vault=0, side=1, amount=10**12, limit=0) == [Status.PENDING]
    miner = int(house.populations["miner"].account[0])
    assert screened(house, Swap, account=miner, vault=0, side=0, amount=10**12, limit=0) == [Status.PENDING]


class Venue(Trade):
    """Any continuous venue's swap."""

    fields = ("vault", "side", "amount", "limit")


def test_actions_say_what_they_pay_for_fractions() -> None:
    sides, amount = np.array([0, 1]), 3 * USD
    swaps = Venue([7, 7], vault=0, side=sides, amount=amount, limit=0)
    bids = BatchOrder([7, 7], vault=0, side=sides, quantity=2 * TOKEN, price=5 * USD)
    subscribed = Subscribe(7, vault=0, fractions=TOKEN // 2, limit=4 * USD)
    added = AddLiquidity(7, vault=0, usd=USD, fractions=TOKEN, limit=0)
    countered = CounterBuyout(7, vault=0, usd=6 * USD)
    found = [a.spent(a.rows) for a in (swaps, bids, subscribed, countered, added)]
    assert [None if f is None else (f / USD).tolist() for f in found] == [[3.0, 0.0], [10.0, 0.0], [2.0], [6.0], None]


def test_bids_wait_and_count_until_the_end_of_the_tick(house: Marketplace) -> None:
    who = int(house.populations["retail_investor"].account[0])
    house.ledger.value[:] = 0.0
    bid = {"account": who, "vault": 0, "side": 0, "quantity": 400 * TOKEN, "price": 5 * USD}
    assert screened(house, BatchOrder, **bid) == [Status.PENDING]
    assert screened(house, BatchOrder, **bid) == [Status.NOT_ALLOWED]
    assert screened(house, Swap, account=who, vault=0, side=0, amount=600 * USD, limit=0) == [Status.NOT_ALLOWED]
    assert screened(house, Swap, account=who, vault=0, side=0, amount=400 * USD, limit=0) == [Status.PENDING]
    house.step()
    house.ledger.value[:] = 0.0
    assert screened(house, BatchOrder, **bid) == [Status.PENDING]


def test_closed_and_accredited_kinds() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=5, regulation__accredited_only=["rig"]) as market:
        market.step()
        who = market.populations["retail_investor"].account[:2]
        market.wealth[who[1]] = 2_000_000.0
        bought = {"account": who, "vault": 0, "side": 0, "amount": USD, "limit": 0}
        assert screened(market, Swap, **bought) == [Status.NOT_ALLOWED, Status.PENDING]
        allowed = market.mechanisms["regulation"].view().retail_allowed
        assert not allowed[NftKind.RIG] and allowed[NftKind.ART]
    with Marketplace("smoke", rng=1, clock__ticks=5, regulation__closed_kinds=["rig"]) as market:
        market.step()
        market.wealth[who[1]] = 2_000_000.0
        assert screened(market, Swap, **bought) == [Status.NOT_ALLOWED] * 2
        subscribed = {"account": who, "vault": 0, "fractions": 10**6, "limit": USD}
        assert screened(market, Subscribe, **subscribed) == [Status.NOT_ALLOWED] * 2


def test_institutions_wait_for_clear_rules() -> None:
    law = {"regulation__institutions": ["arbitrageur"], "regulation__clarity_date": date(2023, 1, 11)}
    with Marketplace("smoke", rng=1, clock__ticks=20, **law) as market:
        who = int(market.populations["arbitrageur"].account[0])
        statuses = []
        for _ in range(20):
            market.step()
            seen = market.view.regulation
            assert seen.allowed.all() == seen.clear
            statuses.append(screened(market, Swap, account=who, vault=0, side=0, amount=USD, limit=0)[0])
        assert statuses == [Status.NOT_ALLOWED] * 10 + [Status.PENDING] * 10
        assert (market.events()["kind"] == "clarity").sum() == 1


def test_disclosure_makes_people_look() -> None:
    awake = []
    for factor in (1.0, 2.0):
        with Marketplace("smoke", rng=1, clock__ticks=10, regulation__disclosure=factor) as market:
            awake.append(market.run().summary()["agents.awake"])
    assert awake[1] > 1.2 * awake[0]


def test_a_ban_of_a_region_stops_its_sites_alone() -> None:
    ban = {"regulation__ban_date": "2023-01-06", "regulation__ban_region": "China", "regulation__ban_days": 0}
    with Marketplace("smoke", rng=1, clock__ticks=10, power__region_map="2022-01", **ban) as market:
        rigs, power, miners = market.mechanisms["rigs"], market.mechanisms["power"], market.populations["miner"]
        account = miners.account[: len(miners)]
        inside = power.region[account] == power.regions.index("China")
        market.run(), market.check()
        assert inside.any()
        assert not rigs.delivered[account[inside]].any()
        assert rigs.delivered[account[~inside]].all()
        assert (market.events()["kind"] == "ban").sum() == 1


def test_the_ban_of_2021(capsys: pytest.CaptureFixture[str]) -> None:
    """46 % removed is the input; the fall and the return are outcomes to compare with -53 % and 128 days."""
    ban = {"clock.start": "2021-03", "clock.ticks": 260, "bitcoin.process": "history", "network.fees": "history",
           "regulation.ban_date": "2021-05-17"}  # fmt: skip
    with Marketplace(Scenario.load("smoke").override(ban), rng=1) as market:
        path = market.run().metrics()["network.hashrate"].to_numpy()
    begins = (date(2021, 5, 17) - date(2021, 3, 1)).days
    before = path[begins - 7 : begins].mean()
    trough = begins + int(path[begins : begins + 120].argmin())
    back = next(day for day in range(trough, path.size) if path[day] >= 0.9 * before)
    fall = path[trough] / before - 1.0
    with capsys.disabled():
        print(f"\nban of 46 %: hash rate {fall:.0%} on day {trough - begins} (real -53 % in 50 days), "
              f"90 % back {back - begins} days after its beginning, {back - trough} after the trough (real 128)")  # fmt: skip
    assert -0.55 < fall < -0.30
    assert 40 <= back - begins <= 200
