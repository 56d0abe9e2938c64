"""Buy-outs under random play: escrow owes what the design says, every unit of income and cash has one owner."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model import Scenario
from model.actions import Bundle, Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from model.mechanisms.buyouts import (
    BidBuyout,
    CounterBuyout,
    OpenBuyout,
    TenderFractions,
    VoteBuyout,
    WithdrawBid,
    designs,
    formulas,
)
from model.mechanisms.buyouts.public import ACTIONS
from model.mechanisms.lending import Borrow, Pledge, Release, Repay
from model.mechanisms.vaults import Redeem, Stake, Unstake, VaultStatus
from tests.buyout_house import COLLECTIBLE, RIGS, BuyoutHouse
from tests.vault_house import WHOLE

AGENTS = 5
WHATS = (
    "open", "open", "counter", "counter", "vote", "vote", "tender", "tender", "bid", "stake", "unstake", "pledge", "release",
    "borrow", "repay", "redeem", "redeem", "give", "buy", "sell", "provide", "withdraw", "take_back", "earn", "earn", "night", "night",
    "end",
)  # fmt: skip
amount = st.sampled_from([-1, 0, 1, 333, WHOLE, 77 * WHOLE + 1, 150 * WHOLE, 200 * WHOLE, 900 * WHOLE, 10**17])
step = st.tuples(st.sampled_from(WHATS), st.integers(0, AGENTS - 1), st.integers(-1, 2), amount)
RULES = st.fixed_dictionaries(
    {
        "design": st.sampled_from(sorted(designs())),
        "pauses": st.sampled_from(["design", "always", "never"]),
        "pause_blocks_liquidation": st.booleans(),
        "quorum_bps": st.sampled_from([0, 2_000]),
        "unlock_bps": st.sampled_from([1, 3_000]),
        "unlock_delay_hours": st.sampled_from([0.0, 30.0]),
        "curator_fee": st.sampled_from([0.0, 0.1]),
        "shotgun_days": st.just(3.0),
        "timed_days": st.just(2.0),
        "win_bps": st.sampled_from([2_000, 5_000]),
    }
)
VAULT_RULES = st.fixed_dictionaries(
    {
        "eligibility": st.sampled_from(["all_holders", "staked_only", "lp_passthrough"]),
        "redemption": st.sampled_from(["none", "whole", "in_kind"]),
    }
)
PLAY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIMPLE = {
    "counter": (CounterBuyout, "usd"),
    "vote": (VoteBuyout, "amount"),
    "tender": (TenderFractions, "amount"),
    "bid": (BidBuyout, "usd"),
    "stake": (Stake, "amount"),
    "unstake": (Unstake, "amount"),
    "pledge": (Pledge, "amount"),
    "release": (Release, "amount"),
    "redeem": (Redeem, "amount"),
}


def one_step(house: BuyoutHouse, what: str, who: int, v: int, size: int) -> None:
    """Play one step; the house refuses what is foolish."""
    account, known = house.agents[who], 0 <= v < house.vaults.n
    if what == "open":
        own = min(size, house.held(v, account)) // 4 if known else size
        house.do(OpenBuyout(account, vault=v, fractions=own, usd=size))
    elif what in SIMPLE:
        action, column = SIMPLE[what]
        if what == "counter" and known and house.buyouts.is_open(v) and size > WHOLE:
            size = max(1, house.buyouts.design_of(v).need(v))
        house.do(action(account, vault=v, **{column: size}))
    elif what == "take_back":
        house.do(WithdrawBid(account, vault=v))
    elif what in ("borrow", "repay"):
        house.do((Borrow if what == "borrow" else Repay)(account, amount=size))
    elif what == "give" and known and not house.vaults.paused[v]:
        house.give(v, who, (who + 1) % AGENTS, max(0, min(size, house.held(v, account))))
    elif what in ("buy", "sell"):
        house.do(Swap(account, vault=v, side=what == "sell", amount=size, limit=0))
    elif what == "provide":
        house.do(AddLiquidity(account, vault=v, usd=size, fractions=size, limit=0))
    elif what == "withdraw":
        house.do(RemoveLiquidity(account, vault=v, shares=size, limit=0))
    elif what == "end" and known and size == 1 and house.vaults.live[v]:
        house.end_vault(v)


def play(house: BuyoutHouse, steps: list[tuple[str, int, int, int]]) -> int:
    """Play all steps; the satoshi that vaults were paid."""
    coins, paid = 0, set()
    for what, who, v, size in steps:
        if what == "earn" and v == RIGS and v not in paid and house.vaults.live[v]:
            paid.add(v)
            coins += max(1, size % 3_000_000)
            house.mine(RIGS, max(1, size % 3_000_000))
        elif what == "earn" and v == COLLECTIBLE and v not in paid and house.vaults.live[v]:
            paid.add(v)
            house.rent(COLLECTIBLE, max(1, size % (50 * WHOLE)))
        elif what == "night":
            house.next_day()
            paid.clear()
        else:
            one_step(house, what, who, v, size)
        house.check()
    return coins


@pytest.mark.parametrize("hours", [24, 1])
@PLAY
@given(st.lists(step, min_size=25, max_size=60), RULES, VAULT_RULES)
def test_escrow_and_income_hold_whatever_is_played(
    hours: int, steps: list[tuple[str, int, int, int]], rules: dict[str, Any], vault_rules: dict[str, Any]
) -> None:
    house = BuyoutHouse(hours=hours, pools=True, lend=2_000.0, vaults={**vault_rules, "service_fee": 0.0}, **rules)
    coins = play(house, steps)
    house.next_day(2)
    house.check()
    everybody = np.arange(house.ledger.accounts)
    inside = everybody[(everybody != house.ledger.world) & (everybody != house.ledger.protocol)]
    held = int(house.ledger.books.balances[BTC_ASSET, inside].sum())
    to_all = vault_rules["eligibility"] == "all_holders"  # the operator sells what he takes of others' income
    assert held == coins if to_all else held <= coins
    for account in house.agents:
        house.earned(account)
    house.check()
    left = [
        house.ledger.balance(BTC_ASSET, int(pot)) - int(waits)
        for pot, waits in zip(house.buyouts.table.pot, house.buyouts.table.pending_btc, strict=True)
        if pot >= 0
    ]
    assert all(0 <= rest <= 4 * (house.clock.tick + 4) + 2 * AGENTS for rest in left)


@PLAY
@example(offer=19371800804456, own=152585, rest=257, weights=[1])  # a float of it is one too large
@given(
    st.integers(1, 10**15),
    st.integers(1, 10**12),
    st.integers(1, 10**12),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
)
def test_whole_numbers_never_fall_short_of_the_plain_formulas(
    offer: int, own: int, rest: int, weights: list[int]
) -> None:
    price = formulas.price_of(offer, rest)
    assert formulas.cost_of(rest, price) <= offer
    exact = Fraction(offer, rest) * own
    assert 0 <= formulas.counter_of(own, offer, rest) - exact <= 1 + exact / 10**9
    assert formulas.shotgun_counter(own + rest, own, offer) == pytest.approx(float(exact), rel=1e-12)
    shares = formulas.parts(offer, weights)
    assert sum(shares) == offer
    assert min(shares) >= 0


@pytest.mark.parametrize("design", sorted(designs()))
def test_rubbish_in_any_column_ends_in_a_status(design: str) -> None:
    house = BuyoutHouse(design)
    ends = (-(2**63), -1, 0, 1, 2**53, 2**63 - 1)
    for action in ACTIONS:
        for v in (*ends, COLLECTIBLE):
            for size in ends:
                values = dict.fromkeys(action.fields, size) | {"vault": v}
                status, _ = house.do(action(house.agents[1], **values))
                assert status != Status.PENDING
                house.check()


@pytest.mark.parametrize("design", sorted(designs()))
def test_no_bundle_opens_or_answers_a_buyout(design: str) -> None:
    house = BuyoutHouse(design)
    for action in ACTIONS:
        values = dict.fromkeys(action.fields, WHOLE) | {"vault": COLLECTIBLE}
        one = action(house.agents[1], **values)
        house.act(Bundle([one]))
        assert one.rows["status"][0] == Status.NOT_ALLOWED


@pytest.mark.parametrize("design", sorted(designs()))
def test_one_open_buyout_per_vault(design: str) -> None:
    house = BuyoutHouse(design, quorum_bps=0)
    for agent in house.agents[1:3]:
        house.do(VoteBuyout(agent, vault=COLLECTIBLE, amount=WHOLE))
    stake = 0 if design in ("reserve_auction", "unlock_vote") else 20 * WHOLE
    first = house.do(OpenBuyout(house.agents[0], vault=COLLECTIBLE, fractions=stake, usd=900 * WHOLE))
    second = house.do(OpenBuyout(house.agents[3], vault=COLLECTIBLE, fractions=stake, usd=900 * WHOLE))
    assert first[0] == Status.DONE
    assert second[0] == Status.CLOSED


def test_escrow_that_does_not_match_the_design_is_noticed() -> None:
    house = BuyoutHouse("niftex_v2")
    house.do(OpenBuyout(house.agents[0], vault=COLLECTIBLE, fractions=20 * WHOLE, usd=900 * WHOLE))
    house.buyouts.check()
    house.ledger.pay(USD_ASSET, house.agents[1], int(house.buyouts.table.account[COLLECTIBLE]), 1, Flow.TRANSFER)
    with pytest.raises(InvariantViolated, match="escrow of vault 1"):
        house.buyouts.check()


def test_a_vault_that_ends_gives_escrow_back() -> None:
    house = BuyoutHouse("niftex_v2")
    raider = house.agents[0]
    cash, held = house.cash(raider), house.held(COLLECTIBLE, raider)
    house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=20 * WHOLE, usd=900 * WHOLE))
    house.end_vault(COLLECTIBLE)
    house.evening()
    assert (house.cash(raider), house.held(COLLECTIBLE, raider)) == (cash, held)
    assert house.vaults.status[COLLECTIBLE] == VaultStatus.ENDED
    assert house.escrow(COLLECTIBLE) == (0, 0)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"design": "niftex_v3"}, "niftex_v2"),
        ({"vote_low": 1.0, "vote_high": 1.0}, "lower it"),
        ({"designs": {"basket": "niftex_v1"}}, "basket"),
        ({"curator_fee": 0.2}, "curator_fee"),
        ({"quorum": 1}, "quorum_bps"),
    ],
)
def test_bad_parameters_are_refused_in_a_sentence(tables: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        Scenario.from_tables({"bitcoin": {}, "buyouts": tables}, "bad")
