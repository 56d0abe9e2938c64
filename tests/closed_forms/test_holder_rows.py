"""Votes that holders hand in are those of the rule, one holder and one vault at a time."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from agents.buyout_reactions import Board, board_of
from agents.holder_rows import KINDS, LOOKER_WIDTH, NEW_VOTE, wanted
from agents.possessions import goods_of, has_goods
from model import Marketplace
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.buyouts import BidBuyout, Phase, VoteBuyout
from model.mechanisms.buyouts.votes import Votes
from model.streams import Streams, normals
from model.units import BTC, LARGEST_POSTING, TOKEN, USD

AGENTS, VAULTS = 40, 5
OF_VAULTS = "fraction", "stake", "pledge", "share", "value", "supply"
OF_BUYOUTS = "phase", "price", "need", "opener"


@kernel
def judge(balances, account, harvest, coin, owner, registered):
    """`has_goods`, from Python."""
    return has_goods(balances, account, harvest, coin, owner, registered)


def test_a_holder_votes_what_the_whole_is_worth_to_him_once_that_has_moved():
    rng = np.random.default_rng(4)
    balances = rng.integers(0, 3, (VAULTS + 1, AGENTS)) * rng.integers(1, 10**9, (VAULTS + 1, AGENTS))
    account, opinion = rng.permutation(AGENTS), np.where(rng.random(AGENTS) < 0.2, 0.0, 0.4)
    vaults, fraction = np.array([0, 2, 4]), np.array([1, 0, 3, 0, 5])
    value, supply = np.array([3.0, 9.0, 0.0, 9.0, 250.0]), np.array([10**9, 5, 10**10, 5, 4 * 10**9])
    key, click = Streams(3).key("opinion of buy-outs", "somebody"), 20.0
    votes = Votes(VAULTS)
    rows = VoteBuyout(np.arange(0, AGENTS, 3), vault=4, amount=1_000_000 * USD).rows
    held_by_all = np.full((VAULTS, AGENTS), 5)
    votes.take(held_by_all, np.arange(VAULTS), np.zeros(VAULTS, np.int64), (0.2, 5.0), rows, np.arange(rows.size))
    before = {(int(v), int(who)): int(price) for v, who, price in votes.rows}
    slots = np.flatnonzero(rng.random(AGENTS) < 0.7)
    expected = []
    for v, asset, each, total in zip(vaults, fraction[vaults], value[vaults], supply[vaults], strict=True):
        for slot, draw in zip(slots, normals(key, slots, v), strict=True):
            worth = float(each) * math.exp(opinion[slot] * draw)
            whole, held = worth * (float(total) / TOKEN) * USD, int(balances[asset, account[slot]])
            old = before.get((int(v), int(account[slot])), 0)
            moved = whole > NEW_VOTE * old or whole * NEW_VOTE < old
            pays = balances[USD_ASSET, account[slot]] >= click * USD
            if held > 0 and moved and whole >= 1.0 and worth * held / TOKEN > click and pays:
                expected.append([account[slot], v, int(whole), 0, 0])
    ask = wants(balances, account, opinion, (slots[:7], slots[7:]), key, votes, click)
    columns = {"asked": vaults, "fraction": fraction, "value": value, "supply": supply}
    (cast, *others), n = ask(500, **columns)
    assert cast == expected
    assert 10 < len(expected) < slots.size * vaults.size
    assert others == [[], [], []]
    few, n_few = ask(3, **columns)
    assert n_few == n
    assert few[0] == expected[:3]
    assert any((int(v), int(who)) in before for who, v, *_ in expected)


def test_nobody_votes_more_than_the_books_can_pay() -> None:
    balances = np.full((2, 3), 10**9)
    ask = wants(balances, np.arange(3), np.zeros(3), (np.arange(3),), np.uint64(1), Votes(1), 0.5)
    (cast, *_), _ = ask(
        9, asked=np.array([0]), fraction=np.array([1]), value=np.array([9e9]), supply=np.array([10**14])
    )
    assert [row[2] for row in cast] == [LARGEST_POSTING - 1] * 3


@pytest.mark.parametrize("phase", [Phase.COUNTER, Phase.REJECTION, Phase.TENDER, Phase.AUCTION, Phase.BIDDING])
def test_a_holder_defends_what_is_offered_for_less_and_gives_in_to_more(phase):
    rng = np.random.default_rng(int(phase))
    balances = rng.integers(0, 3, (6, AGENTS)) * rng.integers(1, 10**10, (6, AGENTS))
    account, opinion = rng.permutation(AGENTS), np.where(rng.random(AGENTS) < 0.2, 0.0, 0.4)
    value, supply, price, need, click = 3.0, 10**10, 3.1, 40 * USD, 0.5
    fraction, stake, pledge, share, opener = 1, 2, -1, 4, int(account[4])
    key, slots = Streams(3).key("opinion of buy-outs", "somebody"), np.arange(1, AGENTS)
    votes, counters, tenders, bids = expected = [[], [], [], []]
    for slot, draw in zip(slots, normals(key, slots, 0), strict=True):
        who = int(account[slot])
        held, locked, staked = (int(balances[asset, who]) for asset in (fraction, share, stake))
        worth = value * math.exp(opinion[slot] * draw)
        cash, gap = int(balances[USD_ASSET, who]) - math.ceil(click * USD), worth - price
        if who == opener or held + locked + staked == 0 or cash < 0:
            continue
        voted = abs(gap) * (held + locked + staked) / TOKEN > click
        if phase in (Phase.COUNTER, Phase.REJECTION, Phase.TENDER):
            if (worth / price - 1.0) * min(cash, need) / USD > click:
                counters.append([who, 0, min(cash, need), 0, 0])
            elif phase == Phase.TENDER and -gap * held / TOKEN > click:
                tenders.append([who, 0, held, 0, 0])
        elif gap > 0.0 and cash >= need and worth * supply / TOKEN - need / USD > click:
            bids.append([who, 0, need, 0, 0])
        if phase == Phase.BIDDING and gap > 0.0 and locked and voted:
            votes.append([who, 0, 0, 0, 0])
        elif phase == Phase.BIDDING and gap < 0.0 and held and voted:
            votes.append([who, 0, held + locked, 0, 0])
    ask = wants(balances, account, opinion, (slots,), key, Votes(1), click)
    columns = {
        "fraction": fraction,
        "stake": stake,
        "pledge": pledge,
        "share": share,
        "price": price,
        "need": need,
        "opener": opener,
    }
    found, _ = ask(AGENTS, asked=0, value=value, supply=supply, phase=int(phase), **columns)
    assert found == expected
    assert 3 < sum(map(len, expected)) < 2 * slots.size


def wants(balances, account, opinion, cohorts, key, votes, click):
    """What some holders want, by the columns of vaults that are given."""
    usual = {"stake": -1, "pledge": -1, "share": -1, "phase": 0, "price": 0.0, "need": 0, "opener": -1}

    def ask(room, **given):
        n = np.size(given["fraction"])
        columns = {name: np.full(n, fill) for name, fill in usual.items()}
        columns |= {name: np.atleast_1d(column) for name, column in given.items()}
        slots, end = np.concatenate(cohorts), np.cumsum([len(some) for some in cohorts])
        rows = np.empty((KINDS, room, 5), np.int64)
        counts = wanted(
            balances, slots, end, np.arange(len(cohorts)),
            (np.zeros(len(cohorts), np.int64), account, opinion, np.array([key, key])), columns["asked"],
            tuple(columns[name] for name in OF_VAULTS), tuple(columns[name] for name in OF_BUYOUTS), votes.chains, click,
            (np.empty((slots.size, LOOKER_WIDTH), np.int64), np.empty(slots.size)), rows,
        )  # fmt: skip
        return [some[: min(n, room)].tolist() for some, n in zip(rows, counts, strict=True)], counts

    return ask


def test_the_board_is_taken_anew_with_each_view():
    with Marketplace("fractional_art", rng=3, clock__ticks=30) as market:
        seen = set()
        for _ in range(25):
            market.step()
            market.view.refresh()
            kept, fresh = (board.look(market.view) for board in (board_of(market), Board(market)))
            assert kept.asked.tolist() == fresh.asked.tolist()
            b = market.view.buyouts
            by_reserve = b.places.index("reserve_auction") if "reserve_auction" in b.places else -1
            quiet = (b.phase == 0) & b.allowed & (b.design == by_reserve)
            assert kept.asked.tolist() == np.flatnonzero(quiet | (b.phase != 0)).tolist()
            seen.add(tuple(map(tuple, (kept.asked, np.flatnonzero(b.phase)))))
        assert len(seen) > 2


def test_what_all_populations_want_is_what_each_would_hand_in_alone():
    with Marketplace("fractional_art", rng=3, clock__ticks=40) as market:
        board, found = board_of(market), Counter()
        for _ in range(30):
            market.step()
            market.view.refresh()
            if not board.look(market.view).busy:
                continue
            reactions = [p.reactions for p in market.populations.values() if p.reactions is not None and len(p)]
            assert [one.place for one in reactions][-1] == board.last
            together, apart = (defaultdict(list) for _ in range(2))
            for wants_of, alone in ((together, False), (apart, True)):
                for one in reactions:
                    board.add(one.place, np.arange(len(one.population)))
                    if alone or one is reactions[-1]:
                        for action, rows in board.wanted():
                            wants_of[action] += rows.tolist()
            assert {a: sorted(rows) for a, rows in together.items()} == {a: sorted(rows) for a, rows in apart.items()}
            for action, rows in together.items():
                found[action] += len(rows)
        assert found[VoteBuyout] > 10
        assert found[BidBuyout] > 0


def test_who_has_come_since_is_among_those_who_look() -> None:
    with Marketplace("fractional_art", rng=3, clock__ticks=12) as market:
        for _ in range(12):
            market.step()
        board, reacting = board_of(market), [p for p in market.populations.values() if p.reactions is not None]
        for came in (0, 3):
            market.populations["retail_investor"].arrive(came)
            market.view.refresh()
            first, account, spread, *_ = board.look(market.view).agents
            for p in reacting:
                of = slice(first[p.reactions.place], first[p.reactions.place + 1])
                assert account[of].tolist() == p.account[: p.size].tolist()
                assert spread[of].tolist() == (p.opinion.tolist() if "opinion" in p.columns else [0.0] * p.size)


def test_who_has_something_to_sell_hands_it_in_and_nobody_else() -> None:
    with Marketplace("fractional_art", rng=3, clock__ticks=60) as market:
        seen = []
        for _ in range(60):
            market.step()
            market.view.refresh()
            view, population = market.view, market.populations["retail_investor"]
            for account in population.account.tolist():
                coin, owner, registered = view.once(goods_of)
                coins = view.balances[BTC_ASSET, account] / BTC * view.bitcoin.price
                rigs = account < registered.size and registered[account] > 0
                has = coins >= 50.0 or account in owner or bool(rigs)
                assert judge(view.balances, account, 50.0, coin, owner, registered) == has
                seen.append(has)
        assert 0 < sum(seen) < len(seen)
