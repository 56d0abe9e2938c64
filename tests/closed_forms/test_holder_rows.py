"""Votes that holders hand in are those of the rule, one holder and one vault at a time."""

import math

import numpy as np

from agents.buyout_reactions import Board, board_of
from agents.holder_rows import LOOKER_WIDTH, NEW_VOTE, both_rows, gather
from agents.possessions import ENDED, claimed, goods_of, has_goods
from model import Marketplace
from model.jit import kernel
from model.ledger import BTC_ASSET
from model.mechanisms.buyouts.public import VoteBuyout
from model.mechanisms.buyouts.votes import Votes
from model.streams import Streams, normals
from model.units import BTC, TOKEN, USD

AGENTS, VAULTS = 40, 5


@kernel
def judge(balances, account, harvest, coin, status, fraction, owner, registered):
    """`has_goods`, from Python."""
    return has_goods(balances, account, harvest, coin, status, fraction, owner, registered)


def held_rows(balances, slots, account, vaults, fraction):
    """Claims of those who look on some vaults, vault by vault."""
    return [
        [account[slot], v, balances[fraction[v], account[slot]], 0, 0]
        for v in vaults
        for slot in slots
        if balances[fraction[v], account[slot]] > 0
    ]


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
            if held > 0 and moved and whole >= 1.0 and worth * held / TOKEN > click:
                expected.append([account[slot], v, int(whole), 0, 0])
    lookers, spreads, n = np.zeros((AGENTS, LOOKER_WIDTH), np.int64), np.zeros(AGENTS), 0
    for place, some in enumerate((slots[:7], slots[7:])):
        n = gather(some, account, True, opinion, place, n, lookers, spreads)
    seen = balances, lookers, spreads, n, np.array([True, False]), np.array([key, key]), vaults, vaults, fraction
    claims, cast = np.zeros((2, 500, 5), np.int64)
    n_claims, n_votes = both_rows(*seen, value, supply, *votes.chains, click, claims, cast)
    assert cast[:n_votes].tolist() == expected
    assert 10 < len(expected) < slots.size * vaults.size
    assert claims[:n_claims].tolist() == held_rows(balances, slots[:7], account, vaults, fraction)
    claims, cast = np.zeros((2, 3, 5), np.int64)
    assert both_rows(*seen, value, supply, *votes.chains, click, claims, cast) == (n_claims, n_votes)
    assert cast.tolist() == expected[:3]
    assert any((int(v), int(who)) in before for who, v, *_ in expected)


def test_the_board_is_taken_anew_with_each_view():
    with Marketplace("fractional_art", rng=3, clock__ticks=30) as market:
        seen = set()
        for _ in range(25):
            market.step()
            market.view.refresh()
            kept, fresh = (board.look(market.view) for board in (board_of(market), Board(market)))
            assert kept.opened == fresh.opened
            assert kept.ended.tolist() == fresh.ended.tolist()
            of_vaults, b = market.view.vaults, market.view.buyouts
            assert kept.ended.tolist() == np.flatnonzero((of_vaults.status == ENDED) & (of_vaults.supply > 0)).tolist()
            assert kept.opened == np.flatnonzero(b.phase).tolist()
            asked = b.places.index("reserve_auction") if "reserve_auction" in b.places else -1
            assert kept.quiet.tolist() == np.flatnonzero((b.phase == 0) & b.allowed & (b.design == asked)).tolist()
            seen.add(tuple(map(tuple, (kept.quiet, kept.opened, kept.ended))))
        assert len(seen) > 2


def test_what_all_populations_want_is_what_each_would_hand_in_alone():
    with Marketplace("fractional_art", rng=3, clock__ticks=40) as market:
        board, found = board_of(market), []
        for _ in range(30):
            market.step()
            market.view.refresh()
            board.look(market.view)
            if board.opened or not board.busy:
                continue
            reactions = [p.reactions for p in market.populations.values() if p.reactions is not None and len(p)]
            assert [one.place for one in reactions][-1] == board.last
            together, apart = [], []
            for rows, alone in ((together, False), (apart, True)):
                for one in reactions:
                    board.add(one, np.arange(len(one.population)))
                    if alone:
                        rows += board.hand_in_claims().tolist()
                rows += board.hand_in_claims().tolist()
            found += together
            assert sorted(together) == sorted(apart)
        assert len(found) > 10


def test_who_has_something_to_sell_hands_it_in_and_nobody_else() -> None:
    with Marketplace("fractional_art", rng=3, clock__ticks=60) as market:
        seen = []
        for _ in range(60):
            market.step()
            market.view.refresh()
            view, population = market.view, market.populations["retail_investor"]
            ended = np.flatnonzero(view.vaults.status == ENDED)
            for account in population.account.tolist():
                rows = [row.values for row in claimed(account, view)]
                expected = held_rows(view.balances, [0], [account], ended, view.vaults.fraction)
                assert [list(row) for row in rows] == expected
                *goods, owner, registered = view.once(goods_of)
                coins = view.balances[BTC_ASSET, account] / BTC * view.bitcoin.price
                rigs = account < registered.size and registered[account] > 0
                has = bool(rows) or coins >= 50.0 or account in owner or bool(rigs)
                assert judge(view.balances, account, 50.0, *goods, owner, registered) == has
                seen.append(has)
        assert 0 < sum(seen) < len(seen)
