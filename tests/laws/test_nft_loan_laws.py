"""Laws of loans against NFTs and rigs, one by one: who is paid first, who bears a loss, what a pledge forbids."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Scenario
from model.actions import Bundle, Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.nft_loans import BidAuction, BorrowOnNft, BorrowOnRigs, DepositLoans, OfferNote
from model.mechanisms.nft_market import ListNft
from model.mechanisms.rigs import SellRigs
from model.units import USD
from tests.credit_house import PEOPLE, CreditHouse
from tests.laws.test_nft_loan_play import started


@settings(max_examples=40, deadline=None)
@given(
    deposits=st.lists(st.integers(1, 10**12), min_size=2, max_size=PEOPLE), asked=st.floats(0.0, 1.5), lent=st.floats(0, 1)
)  # fmt: skip
def test_first_come_first_served_never_pays_more_than_the_cash(deposits: list[int], asked: float, lent: float) -> None:
    h, _ = started(24)
    pool = h.loans.pool
    got = [pool.supply(h.people[i], min(d, h.cash(i)))[1] for i, d in enumerate(deposits)]
    owed = min(int(lent * 40_000), pool.cash // USD) * USD
    if owed:
        h.act(BorrowOnNft(h.people[2], nft=2, amount=owed))
    for i, shares in enumerate(got):
        cash, before = pool.cash, h.cash(i)
        status, paid = pool.withdraw(h.people[i], min(int(shares * asked), shares))
        assert paid <= cash and h.cash(i) - before == paid
        assert (status == Status.DONE) == (paid > 0)
        pool.check()


def test_a_loss_takes_the_reserve_first_then_all_depositors_alike() -> None:
    h, _ = started(24, bid_debt_share=0.0, bid_floor_share=0.0)
    pool = h.loans.pool
    h.act(BorrowOnNft(h.people[2], nft=2, amount=40_000 * USD))
    pool.reserve, pool.claims = 1_000 * USD, pool.claims - 1_000 * USD
    h.crash(0.3)
    claims = pool.claims
    h.act(BidAuction(h.people[3], nft=2, price=30_000 * USD))
    h.step()
    lost = pool.losses
    assert lost[0] >= 1_000 * USD
    assert pool.claims < claims
    assert 10_000 * USD <= sum(lost) < 10_100 * USD
    told = h.market.events()
    assert told[told.kind == "bad debt"].text.str.contains("reserve").any()
    assert told[told.kind == "bad debt"].text.str.contains("depositors").any()


@pytest.mark.parametrize(("over", "whose"), [(0, "none"), (100, "artist"), (20_000, "both"), (-5_000, "lender")])
def test_the_artist_of_an_auctioned_nft_is_paid_out_of_what_the_lender_leaves(over: int, whose: str) -> None:
    h = CreditHouse(bid_debt_share=0.5, bid_floor_share=0.0, auction_hours=24.0)
    n = h.mint(0)
    h.nfts.transfer(n, h.people[1])
    h.step()
    h.act(DepositLoans(h.people[2], desk=0, amount=100_000 * USD))
    h.act(BorrowOnNft(h.people[1], nft=n, amount=40_000 * USD))
    h.crash(0.35)
    bid = int(h.loans.loans.table.debt[n]) + over * USD
    assert h.act(BidAuction(h.people[3], nft=n, price=bid)) == [(Status.DONE, bid)]
    before = [h.cash(i) for i in range(PEOPLE)]
    h.step(2)
    artist, borrower, _, winner = (h.cash(i) - b for i, b in enumerate(before))
    debt = bid - max(0, artist + borrower)
    royalty = bid * int(h.nfts.royalty[n]) // 10_000
    assert artist == min(royalty, max(0, bid - debt)) and h.nfts.owner[n] == h.people[3] and winner == 0
    assert {"artist": artist > 0, "borrower": borrower > 0} == {
        "artist": whose in ("artist", "both"), "borrower": whose == "both"
    }  # fmt: skip
    assert (whose == "both") == (artist == royalty)


@pytest.mark.parametrize("royalties", [True, False])
def test_no_royalty_to_who_pledged_his_own_work_or_where_the_market_pays_none(royalties: bool) -> None:
    h = CreditHouse(bid_floor_share=0.0, auction_hours=24.0)
    h.trade.params = h.trade.params.model_copy(update={"royalties": royalties})
    n = h.mint(0)
    if not royalties:
        h.nfts.transfer(n, h.people[1])
    owner = 0 if royalties else 1
    h.step()
    h.act(DepositLoans(h.people[2], desk=0, amount=100_000 * USD))
    h.act(BorrowOnNft(h.people[owner], nft=n, amount=40_000 * USD))
    h.crash(0.35)
    h.act(BidAuction(h.people[3], nft=n, price=60_000 * USD))
    before = [h.cash(i) for i in range(PEOPLE)]
    h.step(2)
    got = [h.cash(i) - b for i, b in enumerate(before)]
    assert got[owner] > 19_000 * USD and got[1 - owner] == 0


def test_income_and_charges_of_pledged_nfts_are_the_borrowers() -> None:
    h = CreditHouse(nfts={"collectible_licence": 0.2, "take_or_pay": 1.0})
    n = h.mint(1)
    h.step()
    h.act(DepositLoans(h.people[0], desk=0, amount=200_000 * USD))
    h.act(BorrowOnNft(h.people[1], nft=n, amount=1_000 * USD))
    before = h.cash(1)
    h.step()
    assert h.nfts.income[n] > 0
    assert h.cash(1) == before + h.nfts.income[n]
    h.nfts.income[n] = -5 * USD
    h.ledger.pay(PAYABLE_ASSET, h.ledger.utilities, h.loans.escrow, 5 * USD, Flow.POWER)
    h.loans.accrue()
    assert h.ledger.balance(PAYABLE_ASSET, h.people[1]) == 5 * USD


def test_pledged_rigs_cannot_be_sold() -> None:
    h, _ = started(24)
    h.act(BorrowOnRigs(h.people[0], ghs=400_000, amount=1_000 * USD))
    rows, order = SellRigs(h.people[0], ghs=200_000, limit=0).rows, np.zeros(1, np.int64)
    assert h.loans.screen(SellRigs, rows, order).size == 0
    assert rows["status"][0] == Status.LOCKED
    rows = SellRigs(h.people[0], ghs=100_000, limit=0).rows
    assert h.loans.screen(SellRigs, rows, order).size == 1


@settings(max_examples=50, deadline=None)
@given(
    asked=st.lists(
        st.tuples(st.integers(0, 2), st.one_of(st.integers(50_000, 300_000), st.integers(-(10**9), 10**12))),
        min_size=2, max_size=12,
    ),
    pledges=st.lists(st.integers(1, 300_000), min_size=2, max_size=2),
)  # fmt: skip
def test_no_batch_of_sales_takes_pledged_rigs(asked: list[tuple[int, int]], pledges: list[int]) -> None:
    """Whatever the rows of a batch ask for together, what is pledged stays; who has no loan is not asked."""
    h, fleet = started(24)
    for who, ghs in enumerate(pledges):
        h.act(BorrowOnRigs(h.people[who], ghs=ghs, amount=USD))
    batch = SellRigs([h.people[who] for who, _ in asked], ghs=[ghs for _, ghs in asked], limit=0)
    left = h.loans.screen(SellRigs, batch.rows, np.arange(len(asked)))
    for who, account in enumerate(h.people[:3]):
        own = [i for i in range(len(asked)) if asked[i][0] == who]
        goes = sum(max(0, asked[i][1]) for i in own if i in left)
        assert goes <= fleet.held(account) - pledges[who] if who < 2 else set(own) <= set(left.tolist())
    assert (batch.rows["status"][left] == Status.PENDING).all()
    assert (np.delete(batch.rows["status"], left) == Status.LOCKED).all()


def test_a_lender_waits_for_a_buyer_of_rigs_who_can_pay() -> None:
    h, fleet = started(24)
    h.act(BorrowOnRigs(h.people[2], ghs=400_000, amount=20_000 * USD))
    fleet.solvent = False
    h.step(6)
    assert fleet.held(h.people[2]) == 500_000
    assert h.loans.desk.debts > 0
    fleet.solvent = True
    h.step()
    assert (fleet.held(h.people[2]), h.loans.desk.debts) == (100_000, 0)


def test_a_lender_takes_rigs_that_fetch_nothing_too() -> None:
    h, fleet = started(24)
    h.act(BorrowOnRigs(h.people[2], ghs=400_000, amount=20_000 * USD))
    fleet.price = 0.0
    h.step(6)
    assert (fleet.held(h.people[2]), h.loans.desk.debts, h.loans.rig_loans.recovered) == (100_000, 0, 0)


def test_escrow_that_is_short_is_noticed() -> None:
    h, _ = started(24)
    h.act(OfferNote(h.people[0], collection=0, nft=1, principal=USD, repayment=USD, days=1, form=0))
    h.ledger.pay(USD_ASSET, h.loans.cashbox.account, h.people[0], 1, Flow.TRANSFER)
    with pytest.raises(InvariantViolated, match="escrow of bids and offers to lend holds"):
        h.loans.check()
    h.nfts.transfer(3, h.loans.escrow)
    h.ledger.pay(USD_ASSET, h.people[0], h.loans.cashbox.account, 1, Flow.TRANSFER)
    with pytest.raises(InvariantViolated, match="without a loan"):
        h.loans.check()


def test_no_loan_or_sale_inside_a_bundle() -> None:
    h, _ = started(24)
    a = h.people[0]
    bundle = Bundle([ListNft(a, nft=0, price=USD), BorrowOnNft(a, nft=0, amount=USD)])
    h.market.submit(bundle)
    for _, _, settle in h.market.settlement.lines():
        settle()
    assert bundle.status == Status.NOT_ALLOWED
    h.market.check()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"threshold": 0.3}, "threshold = 0.3 is not above loan_to_value = 0.4"),
        ({"kink": 0.0}, "kink"),
        ({"kink": 1.0}, "kink"),
        ({"redeem_low": 0.95}, "redeem_low = 0.95 is above redeem_high"),
    ],
)
def test_bad_parameters_are_refused_with_the_reason(table: dict[str, float], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Scenario.from_tables({"nfts": {}, "nft_loans": table}, "bad")
    with pytest.raises(ScenarioError, match="days must rise"):
        Scenario.from_tables({"nfts": {"path": [(1, 1), (0, 1)]}}, "bad")
