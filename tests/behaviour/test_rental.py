"""Hashpower for hire in live markets: the band of its price, a launch, an attack, vaults that rent out, margin calls."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.renters.renting import Bullish
from model import Marketplace, Scenario
from model.actions import Status
from model.jit import INTERPRETED
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import OrderForward, PostMargin
from model.mechanisms.rental import BidHashpower, CancelBid, OfferHashpower, RepriceBid
from model.mechanisms.rental.table import ENDS, ISSUER
from model.units import BTC, TOKEN, USD
from tests.rental_house import PH, RentalHouse

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (1, 2, 3)
DONE, LOCKED, NOT_ALLOWED, FUNDS = (int(s) for s in (Status.DONE, Status.LOCKED, Status.NOT_ALLOWED, Status.FUNDS))


def path(name: str, seed: int, ticks: int, **changes: Any) -> Any:
    """Metrics of a run."""
    scenario = Scenario.load(name).override({"clock.ticks": ticks, **changes})
    with Marketplace(scenario, rng=seed) as market:
        market.run()
        market.check()
        return market.metrics()


@pytest.mark.parametrize("seed", SEEDS)
def test_without_speculation_the_price_stays_within_mining_less_fees(seed: int) -> None:
    table = path("nicehash", seed, 60, **{"agents.renter.conviction": 0.0})
    over = table["rental.over_hashprice"].dropna()
    assert over.size >= 55
    assert table["rental.in_band"].dropna().min() == 1.0
    assert over.between(0.93, 0.985).all()  # below by the buyer's fee, above what sellers would rather mine for
    assert table["rental.rented"].mean() > 10.0


def test_conviction_lifts_the_price_out_of_its_band() -> None:
    table = path("nicehash", 1, 40, **{"agents.renter.conviction": {"normal": {"mean": 0.15, "sd": 0.05}}})
    over = table["rental.over_hashprice"].dropna()
    assert over.mean() > 1.1
    assert table["rental.in_band"].dropna().max() == 0.0


@pytest.mark.slow
def test_a_launch_bursts_and_fades_and_takes_hashpower_away() -> None:
    table = path("coin_launch", 1, 90)
    over, away = table["rental.over_hashprice"], table["rental.elsewhere"]
    assert over[30:45].max() < 1.1 < 1.3 < over[46:50].max()
    assert over[80:90].mean() < 1.1
    assert away[:45].max() == 0.0 and away[47:55].max() > 10.0 and away[85:90].max() == 0.0


@pytest.mark.slow
def test_an_attack_has_its_price() -> None:
    table = path("majority_attack", 1, 150)
    assert table["rental.attack_share"].max() >= 0.51
    assert table["rental.attack_hours"].max() >= 6.0
    cost = table["rental.attack_cost"].dropna()
    assert 200.0 < cost.iloc[-1] < 20_000.0
    assert (cost.diff().dropna() >= 0.0).all()
    assert cost.iloc[-1] == cost.iloc[-10]  # he has what he wanted, and stops
    assert table["rental.elsewhere"].max() >= 25.0 * 0.51 / 0.49


@pytest.mark.parametrize("coin_priced", [0, 1])
def test_a_vaults_rent_reaches_its_holders(coin_priced: int) -> None:
    """At a rent above mining holders earn more than by mining; all laws of vaults hold with rent in dollars and in coins."""
    renters = {"agents.renter.count": 20, "agents.renter.coin_priced": coin_priced, "agents.renter.conviction": 0.5}
    scenario = Scenario.load("smoke").override(
        {"clock.ticks": 15, "rental.vault_share": 1.0, **renters, "agents.renter.cash": 20_000.0}
    )
    mined = path("smoke", 1, 15)
    with Marketplace(scenario, rng=1) as market:
        market.run()
        market.check()
        table = market.metrics()
        vaults = market.mechanisms["vaults"]
        assert table["rental.vault_income"].sum() > 0.0
        rental = market.mechanisms["rental"]
        sector = market.ledger.sectors.index("vaults")
        renting = np.flatnonzero((rental.rented[1] > 0) & (market.ledger.books.sector == sector))
        assert renting.size >= 3
        for v in range(vaults.n):
            if int(vaults.account[v]) in renting:
                assert vaults.table.gross[v] >= int(rental.received[1][vaults.account[v]])
    assert table["vaults.income"].iloc[-5:].mean() > 1.05 * mined["vaults.income"].iloc[-5:].mean()


def test_a_transcript_of_orders() -> None:
    house = RentalHouse(rental={"premium": 0.1})
    seller, other, buyer, second = house.people[:4]
    fair = house.rental.fair
    assert house.act(OfferHashpower(seller, ghs=60 * PH, floor=fair, currency=1, hours=48)) == [(DONE, 60 * PH)]
    first = BidHashpower(buyer, ghs=20 * PH, price=2 * fair, budget=BTC, currency=1, hours=48, use=0)
    assert house.act(first) == [(DONE, 0)]
    house.step()  # cleared in the evening at mining's price and the premium
    quote = int(house.rental.contracts[0, 3])
    assert quote == pytest.approx(fair * 1.1, rel=0.01)
    needed = 2 * (quote * 20 + -(-quote * 20 * 3 // 100))
    assert house.coins(2) == 100 * BTC - needed  # what two days cost; the rest of the budget is back
    assert house.act(CancelBid(buyer, number=0)) == [(LOCKED, 0)]
    house.step()
    assert (house.work(2), house.work(0)) == (20 * PH, house.running(0) - 20 * PH)
    standing = BidHashpower(second, ghs=10 * PH, price=fair, budget=BTC, currency=1, hours=0, use=1)
    assert house.act(standing)[0][0] == DONE
    assert house.act(RepriceBid(second, number=1, price=fair * 3))[0] == (DONE, fair * 3)
    assert house.act(RepriceBid(second, number=1, price=fair))[0][1] > fair  # not down at once
    assert house.act(RepriceBid(other, number=1, price=fair))[0][0] == NOT_ALLOWED
    house.step(2)
    assert house.work(2) == 0  # two days are over
    assert int(house.rental.away[0]) == 10 * PH  # which this network has lost
    ghs = house.market.mechanisms["network"].simulated_hashrate / 1e9
    assert ghs == int(house.rental.work.sum()) == house.running(0) + house.running(1) - 10 * PH
    got = house.act(CancelBid(second, number=1))[0]
    assert got[0] == DONE and house.coins(3) == 100 * BTC - (BTC - got[1])
    house.step()
    assert house.work(0) == house.running(0)


def crash(hours: int = 24) -> RentalHouse:
    """A house whose coin falls by 70 % on day 4; person 2 is long hashprice, 3 is short, for 180 days."""
    shock = {"channel": "price", "size": -0.7, "day": 4, "source": "a test"}
    house = RentalHouse(hours=hours, shocks=[shock])
    index = int(house.forwards.index[0])
    for side, who in ((0, 2), (1, 3)):
        order = OrderForward(house.people[who], side=side, ghs=10 * PH, limit=index, tenor=2, currency=0)
        assert house.act(order)[0][0] == DONE
    house.step(24 // hours)
    assert house.forwards.open_ghs == 10 * PH
    return house


@pytest.mark.parametrize("hours", [24, 4])
def test_margin_is_called_and_positions_of_who_does_not_pay_are_closed_out(hours: int) -> None:
    house = crash(hours)
    start = house.forwards.held(0, house.people[2])
    days = 0
    while house.forwards.open_ghs and days < 120:
        house.step(24 // hours)
        days += 1
    kinds = house.market.events()["kind"].tolist()
    assert kinds.index("margin call") < kinds.index("forward close-out")
    assert 4 < days < 120
    assert house.cash(3) > 10**6 * USD  # the winner has the loser's margin
    assert house.cash(2) == 10**6 * USD - (house.cash(3) - 10**6 * USD) - fees(house)
    assert house.cash(2) <= 10**6 * USD - 0.9 * start


def fees(house: RentalHouse) -> int:
    """Fees of the two sides, in dollars."""
    return int(house.ledger.balance(0, house.market.platform))


def test_whoever_follows_margin_calls_keeps_his_position() -> None:
    house = crash()
    for _ in range(60):
        lack = int(house.forwards.lacks[0, house.people[2]])
        if lack > 0:
            assert house.act(PostMargin(house.people[2], amount=lack, currency=0))[0][0] == DONE
        house.step()
    assert house.forwards.open_ghs == 10 * PH
    assert "margin call" in set(house.market.events()["kind"])


def test_a_margin_that_nobody_has_is_refused() -> None:
    house = RentalHouse()
    order = OrderForward(house.people[2], side=0, ghs=10_000 * PH, limit=65 * USD, tenor=2, currency=0)
    assert house.act(order)[0][0] == FUNDS


def fingerprint() -> str:
    """State after some days of a small market with everything that can be rented."""
    house = RentalHouse(rental={"token_series": 1})
    fair = house.rental.fair
    for k in range(3):
        house.act(
            OfferHashpower(house.people[0], ghs=(30 + k) * PH, floor=fair, currency=1, hours=48),
            BidHashpower(house.people[2], ghs=20 * PH, price=2 * fair, budget=BTC, currency=1, hours=24, use=k % 2),
            BidHashpower(house.people[3], ghs=9 * PH, price=70 * USD, budget=900 * USD, currency=0, hours=0, use=0),
            OrderForward(house.people[2], side=0, ghs=5 * PH, limit=70 * USD, tenor=0, currency=k % 2),
            OrderForward(house.people[3], side=1, ghs=4 * PH, limit=50 * USD, tenor=0, currency=k % 2),
        )
        house.step()
    return house.market.fingerprint()


@pytest.mark.slow
@pytest.mark.skipif(INTERPRETED, reason="compares the compiled form with the interpreted one")
def test_compiled_and_interpreted_rules_agree() -> None:
    code = "import json; from tests.behaviour.test_rental import fingerprint; print(json.dumps(fingerprint()))"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "RIGSHARE_JIT": "0"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == fingerprint()


def test_who_is_paid_by_another_close_out_keeps_his_hedges() -> None:
    """A owes B, B hedged with C; both A and B are called, and what A's close-out pays is enough for B."""
    house = RentalHouse(people=6, ph=(1, 1), forwards={"call_hours": 24.0})
    f, (a, b, c), tick = house.forwards, house.people[:3], house.market.clock.tick
    dear, fair = round(f.index[0] * 1.5), round(f.index[0] * 1.001)
    f.contracts = np.array(
        [[a, b, 100 * PH, dear, 0, tick + 30, 30], [b, c, 100 * PH, fair, 0, tick + 30, 30]], np.int64
    )
    need = f.needed()[0]
    parts = ((a, 0.55), (b, 0.35), (c, 2.0))
    house.act(*(PostMargin(who, amount=int(need[who] * part), currency=0) for who, part in parts))
    house.step()
    assert {who for _, who in f.due} == {a, b}
    house.step()
    assert f.contracts.shape[0] == 1 and not f.due
    assert f.held(0, b) >= f.needed()[0][b]


def test_who_pays_in_coins_sells_what_tokens_cost() -> None:
    """Worth 200 USD of tokens at .25 of 40 USD and coins of 760 USD; 50 USD are kept for fees."""
    cohort: Any = SimpleNamespace(
        account=np.array([4, 5]), cash=np.array([140.0, 800.0]), coin_priced=np.array([1.0, 0.0]), pocket=np.full(2, 50.0),
        order_share=np.full(2, 0.25), held=lambda asset: np.array([660 * BTC // 20_000, 0]) if asset == 1 else np.zeros(2, int),
    )  # fmt: skip
    series = np.zeros((1, 6), np.int64)
    series[0, [ISSUER, ENDS]] = 9, 30
    rental = SimpleNamespace(tokens=[7], series=series, asks=np.array([[0, 9, USD, 1_000 * TOKEN]]))
    market: Any = SimpleNamespace(
        rental=rental,
        bitcoin=SimpleNamespace(price=20_000.0, sell_price=20_000.0),
        tick=0,
        dt_days=1.0,
        has=lambda _: False,
    )
    spent, none = np.zeros(2), np.zeros((0, 5), np.int64)
    (bought,) = Bullish._tokens([0], cohort, market, np.full(2, 1e9), np.arange(2), spent)
    assert bought.rows["amount"].tolist() == [200 * TOKEN, 200 * TOKEN]
    coins = Bullish._paid(cohort, market, np.array([[4, 0, 90 * USD, 0, 0]]), spent)
    assert coins[:, :3].tolist() == [[4, 1, 110 * BTC // 20_000]]  # nobody buys coins with what tokens cost
    assert Bullish._paid(cohort, market, none, np.zeros(2)).shape[0] == 0


def test_who_finds_all_tokens_sold_orders_none() -> None:
    """Three want 200 USD of tokens each, of which there are 300: who comes first and second orders, the third does not."""
    cohort: Any = SimpleNamespace(
        account=np.array([4, 5, 6]), cash=np.full(3, 800.0), coin_priced=np.zeros(3), pocket=np.full(3, 50.0),
        order_share=np.full(3, 0.25), held=lambda asset: np.zeros(3, int),
    )  # fmt: skip
    series = np.zeros((1, 6), np.int64)
    series[0, [ISSUER, ENDS]] = 9, 30
    rental = SimpleNamespace(tokens=[7], series=series, asks=np.array([[0, 9, USD, 300 * TOKEN]]))
    market: Any = SimpleNamespace(
        rental=rental,
        bitcoin=SimpleNamespace(price=20_000.0, sell_price=20_000.0),
        tick=0,
        dt_days=1.0,
        has=lambda _: False,
    )
    spent = np.zeros(3)
    (bought,) = Bullish._tokens([0], cohort, market, np.full(3, 1e9), np.array([2, 0, 1]), spent)
    assert bought.rows["account"].tolist() == [4, 6]
    assert spent.tolist() == [200.0, 0.0, 200.0]


@pytest.mark.parametrize("scenario", ["hashpower_rental", "coin_launch"])
def test_who_pays_in_coins_fills_up_the_dollars_that_he_keeps_for_fees(scenario: str) -> None:
    fee = 3.0
    with Marketplace(scenario, clock__ticks=60, rng=2, fees__transaction_fee=fee) as market:
        population = market.populations["renter"]
        renters, balances = population.account[: len(population)], market.ledger.books.balances
        while market.running:
            market.step()
            stuck = (balances[USD_ASSET, renters] < fee * USD) & (balances[BTC_ASSET, renters] > BTC // 100)
            assert not stuck.any()


def test_a_term_keeps_the_fee_of_the_evening_on_which_it_began() -> None:
    """Ten days of 10 PH/s; the fee rises to a half meanwhile, and the seller is paid to the last day."""
    house = RentalHouse()
    seller, buyer = house.people[0], house.people[2]
    house.act(OfferHashpower(seller, ghs=50 * PH, floor=USD, currency=0, hours=240))
    terms = {"currency": 0, "hours": 240, "use": 0}
    house.act(BidHashpower(buyer, ghs=10 * PH, price=200 * USD, budget=200_000 * USD, **terms))
    house.step(2)
    rent, fee = int(house.rental.received[0, seller]), int(house.rental.fees[0])
    house.market.change({"rental.fee": 0.5})
    for _ in range(9):
        house.step()
        assert (int(house.rental.received[0, seller]), int(house.rental.fees[0])) == (rent, fee) > (0, 0)
