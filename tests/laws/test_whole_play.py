"""Random play of a market with everything on, under shocks of every channel, and all actions in any order.

Stakes, transfers, pledges, farms, hire, forwards, whole NFTs, loans against them and against rigs, a second coin, shares
of revenue, frozen pools and five designs of buy-outs. The guard checks all laws of the ledger and of every mechanism
after each tick, so every unit of income has an owner.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.actions import Bundle, Status
from model.ledger import BTC_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.farms.table import EMITTED
from model.mechanisms.rental.table import GOT, SIZE
from tests.laws.test_random_play import dump, unused
from tests.whole_house import TICKS, whole_market
from tests.whole_player import WholePlayer

pytestmark = pytest.mark.slow
SEED, MANY = 7, 60
OTHER = {"CounterBuyout", "VoteBuyout", "BidBuyout", "TenderFractions", "WithdrawBid"}
PLAYS = [  # design, hours of a tick, how a buy-out is answered
    ("niftex_v1", 24, {"CounterBuyout"}),
    ("niftex_v2", 4, {"CounterBuyout"}),
    ("reserve_auction", 24, {"VoteBuyout", "BidBuyout"}),
    ("tender_pool", 4, {"TenderFractions", "CounterBuyout"}),
    ("unlock_vote", 24, {"VoteBuyout", "BidBuyout", "WithdrawBid"}),
]
PAUSED = {"AssembleBasket"}  # a basket stands still while one of its members does, which may be always
HAPPENS = {
    "nft trade", "nft auction", "nft redeemed", "nft auctioned", "note default", "rig default", "rental default",
    "capital raised", "offer lapsed", "revenue share ended", "merge", "payouts resumed",
}  # fmt: skip


@pytest.fixture(scope="module", params=PLAYS, ids=lambda play: play[0])
def played(request: pytest.FixtureRequest) -> Iterator[SimpleNamespace]:
    """A market after a play, what its shocks were in each tick, and what came of them."""
    design, hours, answers = request.param
    with whole_market(hours, SEED, design) as market:
        player, ticks = WholePlayer(market, SEED), []
        market.step()
        chef = next(row for row in market.mechanisms["farms"].rows if row.params.name == "chef")
        for _ in range(TICKS):
            before = int(chef.state[EMITTED])
            player.tick(MANY)
            shock = {name: market.shocks[name] for name in {row.channel for row in market.shocks.rows}}
            ticks.append({"shock": shock, "awake": market.awake, "emitted": int(chef.state[EMITTED]) - before})
            coin, hire = market.mechanisms["gpu_coin"], market.mechanisms["rental"].contracts
            ticks[-1] |= {
                "owed": market.mechanisms["freeze"].owed,
                "blocks": coin.blocks,
                "gpu": coin.price / coin.base,
            }
            ticks[-1] |= {"delivered": int((10 * hire[:, GOT] > 4 * hire[:, SIZE]).sum())}
        yield SimpleNamespace(market=market, player=player, ticks=ticks, answers=answers)


def under(played: Any, channel: str, what: str) -> tuple[list[int], list[int]]:
    """What was seen in ticks with a shock, and in those without it."""
    with_it = [t[what] for t in played.ticks if t["shock"][channel] != 1.0]
    return with_it, [t[what] for t in played.ticks if t["shock"][channel] == 1.0]


def test_nothing_is_lost_when_everything_is_played_at_random(played: Any) -> None:
    market = played.market
    market.check()
    balances = market.ledger.books.balances[:, : market.ledger.accounts]
    assert np.all(balances.sum(axis=1) == 0)


def test_every_action_succeeds_that_the_design_answers(played: Any) -> None:
    idle = {action.__name__ for m in played.market.mechanisms.values() for action in m.idle()}
    assert idle == OTHER - played.answers
    assert set(unused(played.market)) <= idle | PAUSED


def test_every_shock_begins_and_ends(played: Any) -> None:
    events = played.market.events()
    told = events[events.kind == "shock"].text
    for row in played.market.shocks.rows:
        said = told[told.str.startswith(f"{row.channel} ")]
        assert said.str.contains("begins").sum() == said.str.contains("ends").sum() == 1, row.channel


def test_loans_fail_auctions_end_and_capital_is_raised(played: Any) -> None:
    assert set(played.market.events().kind) >= HAPPENS


def test_shocks_reach_what_they_are_of(played: Any) -> None:
    emitted, usual = under(played, "emission", "emitted")
    assert sum(emitted) == 0 < sum(usual)
    awake, usual = under(played, "attention", "awake")
    assert np.mean(awake) < 0.6 * np.mean(usual)
    price, usual = under(played, "gpu_price", "gpu")
    assert np.allclose(price, 0.5) and np.allclose(usual, 1.0)
    delivered, usual = under(played, "rental_delivery", "delivered")
    assert sum(delivered) == 0 < sum(usual)  # contracts with more than two fifths delivered
    owed, before_and_after = under(played, "withdrawals", "owed")
    assert min(owed) > 0 == max(before_and_after)
    freeze = played.market.mechanisms["freeze"]
    assert freeze.lost > 0 < freeze.returned and played.market.ledger.balance(BTC_ASSET, freeze.custody) == 0
    assert played.ticks[0]["blocks"] > 0 == played.ticks[-1]["blocks"]


def test_a_bundle_that_fails_leaves_no_trace_in_any_mechanism(played: Any) -> None:
    market, player = played.market, played.player
    market.change({"fees.transaction_fee": 0.0})
    market.step()
    before = dump(market)
    for action in market.settlement.order:
        first = player.rows(action, 1)
        market.submit(Bundle([first, Swap(first.rows["account"], vault=-1, side=0, amount=1, limit=0)]))
        market.settlement.settle(Swap, True)
        assert dump(market) == before, action.__name__
        assert first.rows["status"][0] not in (Status.DONE, Status.PENDING)
