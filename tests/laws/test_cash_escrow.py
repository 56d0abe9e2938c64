"""Dollars in escrow are somebody's: bids and offers stay the wealth of who paid them in, until they are spent."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Action
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.auction import BatchOrder, CancelOrder
from model.mechanisms.nft_loans import OfferNote, WithdrawNote
from model.mechanisms.nft_market import CancelOffer, OfferFor
from model.mechanisms.nfts import MintNft
from model.nft_kind import NftKind
from model.units import TOKEN, USD
from tests.behaviour.test_institutions import IDLE, KEYS

PUT_IN = 300.0  # USD


def market(**tables: Any) -> Marketplace:
    """A market at rest, with a batch a month, whole NFTs, and loans on them."""
    merged: dict[str, Any] = {
        "clock": {"ticks": 100},
        **{key: {} for key in KEYS},
        "bitcoin": {"process": "constant"},
        "fees": {"transaction_fee": 0.0},
        "auction": {"every_hours": 720.0, "order_hours": 48.0},
        "nfts": {},
        "nft_market": {"offer_days": 3.0},
        "nft_loans": {"offer_days": 3.0},
        "offerings": {"initial": 2, "th": 5_000.0, "initial_spending": 0.1},
        "agents": IDLE,
    }
    return Marketplace(Scenario.from_tables({**merged, **tables}, "escrow"), rng=1)


def opened(m: Marketplace) -> int:
    """A market with an NFT to bid for; the account of its richest household."""
    people = m.populations["retail_investor"]
    artist, who = people.account[np.argsort(people.columns["cash"])[-2:]].tolist()
    m.submit(MintNft(artist, kind=int(NftKind.ART), appraisal=1_000 * USD))
    m.step()
    return int(who)


def bid(who: int) -> Action:
    return BatchOrder(who, vault=0, side=0, quantity=100 * TOKEN, price=int(PUT_IN / 100 * USD))


def offer(who: int) -> Action:
    return OfferFor(who, collection=0, nft=-1, price=int(PUT_IN * USD))


def lend(who: int) -> Action:
    return OfferNote(who, collection=0, nft=-1, principal=int(PUT_IN * USD), repayment=int(310 * USD), days=9, form=0)


CASES = {
    "auction": (bid, lambda who, number: CancelOrder(who, number=number), "escrow"),
    "nft_market": (offer, lambda who, number: CancelOffer(who, offer=number), "escrow"),
    "nft_loans": (lend, lambda who, number: WithdrawNote(who, offer=number), "cashbox"),
}


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("taken_back", [True, False])
def test_what_waits_is_wealth_of_who_paid_it_in(key: str, taken_back: bool) -> None:
    put_in, take_back, name = CASES[key]
    with market() as m:
        who = opened(m)
        escrow = getattr(m.mechanisms[key], name)
        worth, cash = float(m.wealth[who]), m.ledger.balance(USD_ASSET, who)
        action = put_in(who)
        m.submit(action)
        m.step()
        assert action.done.all()
        assert m.ledger.balance(USD_ASSET, escrow.account) == PUT_IN * USD == m.ledger.balance(escrow.claim, who)
        assert cash - m.ledger.balance(USD_ASSET, who) <= PUT_IN * USD
        assert m.wealth[who] > worth - 0.1 * PUT_IN
        if taken_back:
            m.submit(take_back(who, int(action.rows["filled"][0])))
        for _ in range(1 if taken_back else 32):
            m.step()
        assert m.ledger.balance(USD_ASSET, escrow.account) == 0 == m.ledger.outstanding(escrow.claim)
        m.check()


@pytest.mark.parametrize("key", CASES)
def test_a_claim_without_its_dollar_is_noticed(key: str) -> None:
    put_in, _, name = CASES[key]
    with market() as m:
        who = opened(m)
        escrow = getattr(m.mechanisms[key], name)
        m.submit(put_in(who))
        m.step()
        m.ledger.pay(escrow.claim, who, escrow.account, 1, Flow.BURN)
        with pytest.raises(InvariantViolated, match="claimed"):
            m.mechanisms[key].check()
