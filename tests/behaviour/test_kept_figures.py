"""What is kept between questions is never stale: columns of views, votes, figures of a recording, weekly metrics."""

import math
from typing import Any

import numpy as np
import pytest

from agents.retail.portfolio import holding
from agents.vault_sheet import sheet_of
from model import Marketplace, Scenario
from model.flows import Flow
from model.jit import INTERPRETED
from model.ledger import USD_ASSET
from model.mechanisms.buyouts.public import VoteBuyout
from model.mechanisms.buyouts.votes import Votes
from model.mechanisms.forwards.table import SIZE
from model.mechanisms.nft_market.looks import Listed, prices
from model.mechanisms.rental.table import BTC_PRICED
from model.metric import ANSWERS, registry, shared
from model.metrics.holdings import OUTSIDE, week
from model.nft_kind import NftKind
from model.units import BTC, USD

KEPT = (
    "rigs",
    "payout",
    "lending",
    "rental",
    "forwards",
    "farms",
    "nfts",
    "nft_market",
    "nft_loans",
    "buyouts",
    "social",
)
TICKS = 3 if INTERPRETED else 15


@pytest.fixture(scope="module")
def market() -> Any:
    """A market in which all of these have something to show, some way into its run."""
    with Marketplace(Scenario.load("marketplace").with_agents(150).override({"clock.ticks": 40}), rng=4) as m:
        for _ in range(TICKS):
            m.step()
        yield m


def same(a: Any, b: Any) -> bool:
    return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def test_columns_of_views_cannot_be_written(market):
    for key in KEPT:
        seen = getattr(market.view, key)
        for name in seen._fields:
            column = getattr(seen, name)
            if isinstance(column, np.ndarray) and (key, name) != ("payout", "reserve"):  # that one is a copy
                assert not column.flags.writeable, f"{key}.{name}"


def test_a_view_says_what_the_mechanism_has(market):
    m = market.mechanisms
    for _ in range(3):
        market.step()
        market.view.refresh()
        rental, forwards, lending, buyouts = (
            getattr(market.view, k) for k in ("rental", "forwards", "lending", "buyouts")
        )
        r, f, pool, house = m["rental"], m["forwards"], m["lending"], m["buyouts"]
        coins = np.where(r.currency == BTC_PRICED, r.floor, r.floor * (BTC / r.coin)).astype(np.int64)
        assert same(rental.floor, coins) and same(rental.free, r.free())
        assert same(rental.rented_in, r.rented[0] + r.rented[2]) and same(rental.offered, r.offered)
        assert same(forwards.needed, f.needed()) and same(forwards.called, f.lacks)
        assert same(forwards.margin, market.ledger.books.balances[f.receipts])
        assert forwards.short.sum() == forwards.long.sum() == f.contracts[:, SIZE].sum() > 0
        assert same(lending.pledged, pool.pledged) and same(lending.fresh, pool.desk.fresh.astype(np.bool_))
        assert same(lending.cap_left, np.maximum(pool.desk.cap - pool.pledged, 0)) and same(lending.health, pool.health)
        n, live = m["vaults"].n, [v for v in range(m["vaults"].n) if buyouts.window[v] > 0.0]
        assert same(buyouts.allowed, house.allowed()[:n]) and same(buyouts.price, house.table.price[:n] / USD)
        assert buyouts.voted[live].tolist() == [house.design_of(v).voted(v) for v in live]
        assert buyouts.least_bid[live].tolist() == [house.design_of(v).least_bid(v) for v in live]
        assert same(buyouts.votes, house.votes.rows) and same(buyouts.cast.before, house.votes.chains.before)
        farms = market.view.farms
        worth = farms.reward_usd / np.maximum(farms.staked_usd, 1.0)
        assert same(farms.ranked, np.argsort(-worth, kind="stable"))
        assert same(farms.settled, market.ledger.books.settled)
        assert market.view.nfts.n == m["nfts"].n == market.view.nfts.owner.size == market.view.nft_market.price.size


def test_votes_are_shown_as_they_are_when_there_are_more_or_fewer():
    balances, fraction, phase, votes = np.full((2, 9), 5), np.arange(2), np.zeros(2, np.int64), Votes(2)
    for account in range(8):
        rows = VoteBuyout(np.array([account]), vault=account % 2, amount=10 + account).rows
        votes.take(balances, fraction, phase, (0.0, 9.0), rows, np.zeros(1, np.int64))
        shown, chains = votes.shown()
        assert same(shown, votes.rows) and all(same(a, b) for a, b in zip(chains, votes.chains, strict=True))
        assert votes.shown()[0] is shown
    votes.forget(np.array([True, False]))
    shown, chains = votes.shown()
    assert same(shown, votes.rows) and shown.shape[0] == 4 and same(chains.newest, votes.chains.newest)


def test_prices_of_nfts_are_those_of_owners_and_of_the_best_offer():
    kinds = int(NftKind.ART), int(NftKind.COLLECTIBLE)
    listed = Listed(*(np.array(c) for c in ([5, 7, 0], [1, 9, -1], [1, 2, 3], [kinds[0], kinds[1], kinds[1]])))
    offers = np.array(
        [[0, 4, kinds[1], -1, 3 * USD, 9], [1, 4, kinds[1], 2, 4 * USD, 9], [2, 4, kinds[1], -1, 2 * USD, 9]]
    )
    price, offered, best = np.empty(3), np.empty(3), np.empty(len(NftKind))
    assert prices(listed, offers, 3, price, offered, best) == 1
    assert price[0] == 5 / USD and np.isnan(price[1:]).all()
    assert math.isnan(offered[0]) and offered[1:].tolist() == [3.0, 4.0] and best[kinds[1]] == 3.0


def test_shared_figures_are_kept_for_a_recording_and_no_longer(market):
    asked = []
    count = shared(lambda m: asked.append(m.clock.tick) or len(asked))
    assert (count(market), count(market)) == (1, 2)
    market.__dict__[ANSWERS] = {}
    assert (count(market), count(market)) == (3, 3)
    del market.__dict__[ANSWERS]
    before = registry()["buyouts.escrow"].function(market)
    house = market.mechanisms["buyouts"]
    house.furnish(0)
    market.ledger.books.balances[USD_ASSET, house.table.account[0]] += USD
    assert registry()["buyouts.escrow"].function(market) == before + 1.0
    market.ledger.books.balances[USD_ASSET, house.table.account[0]] -= USD


def test_metrics_of_a_week_change_on_its_first_tick_and_on_the_last():
    weekly = [m.name for m in registry().values() if m.weekly]
    assert {name.split(".")[0] for name in weekly} == {"gains", "holders", "holdings", "miners", "tail"}
    with Marketplace(Scenario.load("baseline").with_agents(60).override({"clock.ticks": 10}), rng=4) as m:
        m.run()
        paths = {name: m.recorder.path(name) for name in weekly if name in m.recorder.columns}
        assert all(len(path) == 10 for path in paths.values())
        for name, path in paths.items():
            held = [path[t] for t in range(7)], [path[t] for t in (7, 8)]
            assert all(same(np.array(part), np.full(len(part), part[0])) for part in held), name
        for name in ("gains.miner", "holders.miner_return", "holdings.retail_largest", "tail.everybody"):
            assert paths[name][9] != paths[name][8] or math.isnan(paths[name][9]), name


def test_the_reference_follows_the_opinion_of_whoever_was_in_the_middle(market):
    reference = market.reference_nav
    before = reference().copy()
    opinion = market.populations["retail_investor"].columns["opinion"]
    own = opinion.copy()
    opinion *= 3.0
    reference.tick = -2
    assert not same(reference(), before)
    opinion[:] = own
    reference.tick = -2
    assert same(reference(), before)


def test_whose_value_is_the_reference_changes_on_the_vaults_day_and_when_he_has_sold(market):
    reference, ledger = market.reference_nav, market.ledger
    people, balances = market.populations["retail_investor"], market.ledger.books.balances
    reference()
    middle = reference.middle.copy()
    seen = sheet_of(market).seen

    def at_hand_alone(v):
        """Whether the one in the middle has fractions, and none staked or pledged."""
        who = int(people.account[middle[v]])
        held = holding(balances, int(seen.fraction[v]), int(seen.stake[v]), int(seen.pledge[v]), who)
        return middle[v] >= 0 and held == balances[seen.fraction[v], who] > 0

    v = next(filter(at_hand_alone, range(middle.size)))
    asset, seller, heir = int(seen.fraction[v]), *people.account[[middle[v], middle[v] - 1]].tolist()
    left = int(balances[asset, seller])
    ledger.pay(asset, seller, heir, left, Flow.TRANSFER)
    reference.tick = -2
    reference()
    changed = set(np.flatnonzero(reference.middle != middle).tolist())
    assert v in changed and {each % 7 for each in changed - {v}} <= {market.clock.day % 7}
    ledger.pay(asset, heir, seller, left, Flow.TRANSFER)


def test_the_worth_of_fractions_counts_those_who_came_to_hold_some_since_the_survey(market):
    ledger, house, people = market.ledger, market.mechanisms["vaults"], market.populations["miner"]
    fraction = house.fraction[: house.n]
    asset = next(int(a) for a in fraction if ledger.value[a] > 0.0)
    giver = int(np.argmax(ledger.books.balances[asset, : ledger.accounts]))
    for account in people.account[: len(people)].tolist():
        ledger.pay(asset, giver, account, 1_000 + account, Flow.TRANSFER)
    found = week(market)
    n, sectors = market.wealth.size, ledger.sectors
    outside = [sectors.index(kind) for kind in sectors if kind not in market.populations or kind in OUTSIDE]
    worth = np.zeros(n)
    for a in fraction[fraction >= 0]:
        worth += np.maximum(ledger.books.balances[a, :n], 0) * ledger.value[a]
    worth[np.isin(ledger.books.sector[:n], outside)] = 0.0
    assert same(found.worth, worth[worth > 0.0])


def test_counts_of_frail_and_lost_debts_are_those_of_the_columns_when_they_were_measured():
    frail = 0
    with Marketplace("leverage_cycle", rng=3, clock__ticks=60) as market:
        lending = market.mechanisms["lending"]
        while market.running:
            market.step()
            low, worth = lending.health < 1.0, lending.collateral_value
            lost = (lending.debt_usd > lending.params.threshold * worth) & (worth <= lending.params.rest_usd)
            assert (lending.below, lending.bad) == (np.count_nonzero(low), np.count_nonzero(lost))
            pledge, value = lending.desk.pledge, market.ledger.value
            assert (value[pledge[pledge >= 0]] == value[lending.vaults.fraction[: pledge.size][pledge >= 0]]).all()
            kept = [column.copy() for column in (worth, lending.debt_usd, lending.health)]
            lending.measure()
            assert all(map(np.array_equal, kept, (worth, lending.debt_usd, lending.health)))
            frail += lending.below
    assert frail > 0
