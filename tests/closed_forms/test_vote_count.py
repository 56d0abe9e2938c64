"""Votes that are added up once in a batch say what adding all of them up each time says, to the last bit."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from model.actions import Status
from model.mechanisms.buyouts.formulas import vote_in_range, weighted_reserve
from model.mechanisms.buyouts.public import VoteBuyout
from model.mechanisms.buyouts.votes import HELD, HIGH, LOW, Votes, exact_mean, standing
from model.units import LARGEST_POSTING as PART

ACCOUNTS, VAULTS = 6, 2
amounts, prices = some.integers(0, 10**15), some.integers(0, PART - 1)
voters, vaults = some.integers(0, ACCOUNTS - 1), some.integers(0, VAULTS - 1)


@settings(deadline=None)  # the first example compiles
@given(
    some.lists(amounts, min_size=ACCOUNTS * VAULTS, max_size=ACCOUNTS * VAULTS),
    some.lists(some.lists(some.tuples(vaults, voters, some.one_of(some.just(0), prices)), max_size=12), max_size=5),
    some.sampled_from([(0.2, 5.0), (0.0, 1e6), (0.999, 1.001)]),
)
def test_votes_are_taken_as_if_all_were_added_up_each_time(held, batches, within):
    balances = np.array(held, np.int64).reshape(VAULTS, ACCOUNTS)
    fraction, phase, votes = np.arange(VAULTS), np.zeros(VAULTS, np.int64), Votes(VAULTS)
    known: dict[tuple[int, int], int] = {}
    for batch in batches:
        rows = VoteBuyout.of_rows(np.array([(who, v, price, 0, 0) for v, who, price in batch]).reshape(-1, 5)).rows
        votes.take(balances, fraction, phase, within, rows, np.arange(rows.size))
        for (v, who, price), row in zip(batch, rows, strict=True):
            own = int(balances[v, who])
            others = [
                (int(balances[v, other]), p) for (u, other), p in known.items() if (u, other) != (v, who) and u == v
            ]
            mean = weighted_reserve([h for h, _ in others], [p for _, p in others])
            fits = price == 0 or vote_in_range(price, mean, *within)
            expected = Status.FUNDS if price > 0 and own <= 0 else Status.DONE if fits else Status.LIMIT
            assert row["status"] == expected
            if expected == Status.DONE and price == 0:
                known.pop((v, who), None)
            elif expected == Status.DONE:
                known[v, who] = price
        assert [tuple(row) for row in votes.rows.tolist()] == [(v, who, price) for (v, who), price in known.items()]
        assert votes.count.tolist() == [sum(u == v for u, _ in known) for v in range(VAULTS)]
        sums = votes.sums(balances, fraction)
        for v in range(VAULTS):
            worth = sum(int(balances[v, who]) * price for (u, who), price in known.items() if u == v)
            assert int(sums[HIGH, v]) * PART + int(sums[LOW, v]) == worth
            assert sums[HELD, v] == sum(int(balances[v, who]) for u, who in known if u == v)

            voters = {who: price for (u, who), price in known.items() if u == v and balances[v, who] > 0}
            held = [int(balances[v, who]) for who in voters]
            supply, quorum = max(1, int(balances[v].sum())), 2_500
            voted, least = np.empty(VAULTS), np.empty(VAULTS, np.int64)
            standing(sums, np.array([v]), np.full(VAULTS, supply), quorum, voted, least)
            enough = sum(held) > 0 and sum(held) * 10_000 >= supply * quorum
            reserve = weighted_reserve(held, list(voters.values()))
            assert voted[v] == sum(held) / supply
            assert least[v] == (max(1, math.ceil(reserve)) if enough else 0)


def test_votes_on_vaults_that_are_over_are_forgotten_and_the_others_still_found():
    balances, fraction, phase = np.full((VAULTS, ACCOUNTS), 5), np.arange(VAULTS), np.zeros(VAULTS, np.int64)
    votes, order = Votes(VAULTS), np.arange(4)
    rows = VoteBuyout(np.array([1, 1, 2, 3]), vault=np.array([0, 1, 0, 1]), amount=np.array([10, 20, 11, 21])).rows
    votes.take(balances, fraction, phase, (0.2, 5.0), rows, order)
    votes.forget(np.array([True, False]))
    assert votes.rows.tolist() == [[1, 1, 20], [1, 3, 21]]
    rows = VoteBuyout(np.array([3, 1]), vault=1, amount=np.array([22, 23])).rows
    votes.take(balances, fraction, phase, (0.2, 5.0), rows, np.arange(2))
    assert votes.rows.tolist() == [[1, 1, 23], [1, 3, 22]]
    assert votes.count.tolist() == [0, 2]


@settings(deadline=None)  # the first example compiles
@given(some.integers(1, PART - 1), some.integers(1, PART - 1), some.integers(1, PART - 1))
def test_means_are_rounded_once(held, price, more):
    worth = held * price + min(more, held - 1)
    assert exact_mean(worth // PART, worth % PART, held) == worth / held == float(Fraction(worth, held))
