"""Random play of loans against NFTs and rigs: every dollar has an owner and every NFT one, in any order of moves."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import (
    AcceptNote,
    BidAuction,
    BorrowOnNft,
    BorrowOnRigs,
    DepositLoans,
    OfferNote,
    RedeemNft,
    RepayNft,
    RepayNote,
    RepayRigs,
    WithdrawLoans,
    WithdrawNote,
)
from model.mechanisms.nft_market import AcceptOffer, BuyNft, CancelOffer, Delist, ListNft, OfferFor
from model.units import USD
from tests.credit_house import PEOPLE, CreditHouse

NFTS = 4

person, nft = st.integers(0, PEOPLE - 1), st.integers(-1, NFTS)
amount = st.one_of(st.integers(-1, 2 * 10**6 * USD), st.integers(1, 150_000).map(lambda x: x * USD))
desk = st.integers(0, 2)
MOVES = {
    "deposit": (DepositLoans, {"desk": desk, "amount": amount}),
    "withdraw": (WithdrawLoans, {"desk": desk, "shares": amount}),
    "borrow": (BorrowOnNft, {"nft": nft, "amount": amount}),
    "repay": (RepayNft, {"nft": nft, "amount": amount}),
    "bid": (BidAuction, {"nft": nft, "price": amount}),
    "redeem": (RedeemNft, {"nft": nft, "amount": amount}),
    "lend": (
        OfferNote,
        {
            "collection": st.integers(-1, PEOPLE), "nft": nft, "principal": amount, "repayment": amount,
            "days": st.integers(0, 3), "form": st.integers(0, 1),
        },
    ),
    "recall": (WithdrawNote, {"offer": st.integers(0, 5)}),
    "accept": (AcceptNote, {"nft": nft, "offer": st.integers(0, 5)}),
    "pay note": (RepayNote, {"nft": nft}),
    "pledge rigs": (BorrowOnRigs, {"ghs": st.integers(-1, 1_000_000), "amount": amount}),
    "pay rigs": (RepayRigs, {"amount": amount}),
    "list": (ListNft, {"nft": nft, "price": amount}),
    "delist": (Delist, {"nft": nft}),
    "offer": (OfferFor, {"collection": st.integers(-1, PEOPLE), "nft": nft, "price": amount}),
    "cancel": (CancelOffer, {"offer": st.integers(0, 5)}),
    "buy": (BuyNft, {"nft": nft, "limit": amount}),
    "take offer": (AcceptOffer, {"nft": nft, "limit": amount}),
}  # fmt: skip


SENSIBLE = ("borrow", "repay", "bid", "outbid", "redeem", "accept", "pay note", "buy", "take offer", "leave")


@st.composite
def move(draw: Any) -> tuple[str, Any]:
    """An action by somebody, one that makes sense, a tick, or a fall or rise of the floor or of rigs."""
    what = draw(st.sampled_from([*MOVES, *("sensible",) * 14, "tick", "tick", "floor", "floor", "rigs"]))
    if what in MOVES:
        action, fields = MOVES[what]
        return what, (action, draw(person), {name: draw(field) for name, field in fields.items()})
    if what == "sensible":
        return what, (
            draw(st.sampled_from(SENSIBLE)),
            draw(st.integers(0, NFTS - 1)),
            draw(person),
            draw(st.floats(0, 1)),
        )
    return what, draw(st.floats(0.05, 1.5))


def sensible(h: CreditHouse, what: str, n: int, who: int, scale: float) -> Any:
    """An action of the person whose it is, for an amount near the one that counts."""
    loans, notes, person_ = h.loans.loans, h.loans.notes, h.people[who]
    debt, borrower = int(loans.table.debt[n]), int(loans.table.borrower[n])
    owner = int(h.nfts.owner[n]) if h.nfts.owner[n] in h.people else person_
    if what == "borrow":
        return BorrowOnNft(owner, nft=n, amount=int(loans.floor(n) * 0.4 * scale))
    if what == "repay":
        return RepayNft(max(0, borrower), nft=n, amount=int(debt * 1.2 * scale))
    if what in ("bid", "outbid"):
        return BidAuction(person_, nft=n, price=int(loans.least_bid(n) * (0.98 + 0.1 * scale)))
    if what == "redeem":
        return RedeemNft(max(0, borrower), nft=n, amount=int(debt * (0.5 + 0.4 * scale)))
    if what == "accept":
        fits = [int(o[0]) for o in notes.offers if o[3] in (-1, n)]
        return AcceptNote(owner, nft=n, offer=fits[0] if fits else 0)
    if what == "pay note":
        return RepayNote(max(0, int(notes.table.borrower[n])), nft=n)
    if what == "buy":
        return BuyNft(person_, nft=n, limit=int(h.trade.asked[n]))
    if what == "take offer":
        return AcceptOffer(owner, nft=n, limit=0)
    pool = h.loans.pool
    return WithdrawLoans(person_, desk=0, shares=int(h.ledger.balance(pool.deposit, person_) * scale))


def apply(h: CreditHouse, fleet: Any, what: str, given_: Any) -> tuple[str, int]:
    """Play one move; what it was and its status."""
    if what == "tick":
        h.step()
    elif what == "floor":
        h.crash(given_)
    elif what == "rigs":
        fleet.price, fleet.solvent = 100.0 * given_, given_ > 0.2
    elif what == "sensible":
        return given_[0], h.act(sensible(h, *given_))[0][0]
    else:
        action, who, fields = given_
        return what, h.act(action(h.people[who], **fields))[0][0]
    return what, int(Status.DONE)


def started(hours: int, **rules: float) -> tuple[CreditHouse, Any]:
    h = CreditHouse(hours, grace_days=1.0, rig_days=2.0, offer_days=2.0, auction_hours=12.0, **rules)
    for i in range(NFTS):
        h.mint(i % PEOPLE)
    fleet = h.rigs(100.0, **{f"p{i}": 500_000 for i in range(PEOPLE)})
    h.step()
    h.act(
        DepositLoans(h.people[0], desk=0, amount=300_000 * USD), DepositLoans(h.people[1], desk=1, amount=50_000 * USD)
    )
    note = OfferNote(h.people[3], collection=0, nft=-1, principal=30_000 * USD, repayment=33_000 * USD, days=2, form=1)
    h.act(note, note)
    for n in (0, 1):
        h.act(BorrowOnNft(h.people[n], nft=n, amount=40_000 * USD))
    return h, fleet


@settings(max_examples=60, deadline=None)
@given(
    moves=st.lists(move(), min_size=5, max_size=40), hours=st.sampled_from([1, 4, 12]),
    cover=st.sampled_from([1.0, 0.5]), floor_share=st.sampled_from([0.95, 0.0]),
)  # fmt: skip
def test_any_order_of_play_keeps_every_law(
    moves: list[tuple[str, Any]], hours: int, cover: float, floor_share: float
) -> None:
    h, fleet = started(hours, bid_debt_share=cover, bid_floor_share=floor_share)
    ghs = sum(fleet.ghs.values())
    for what, given_ in moves:
        apply(h, fleet, what, given_)  # `act` and `step` check every mechanism and the ledger
        assert (h.nfts.owner[:NFTS] >= 0).all()  # one owner each; escrow only with a loan (check)
        assert sum(fleet.ghs.values()) <= ghs
        for pool in (h.loans.pool, h.loans.desk):
            assert pool.cash + pool.debts == pool.claims + pool.reserve
    everything_is_still_there(h)


def everything_is_still_there(h: CreditHouse) -> None:
    world = h.ledger.balance(USD_ASSET, h.ledger.world)
    everyone = [h.ledger.balance(USD_ASSET, a) for a in range(h.ledger.accounts) if a != h.ledger.world]
    assert sum(everyone) == -world


def test_the_play_reaches_everything() -> None:
    """The moves that the law above is played with do happen: bids, redemptions, notes, defaults and losses."""
    done: dict[str, int] = {}
    lost = seized = defaults = sold = 0
    for seed in range(16):
        draw = Random(seed)
        h, fleet = started(12, bid_debt_share=0.5, bid_floor_share=0.0)
        for _ in range(60):
            what = draw.choice(["sensible"] * 8 + ["tick", "tick", "floor", "rigs", "pledge rigs"])
            if what == "sensible":
                given_: Any = (draw.choice(SENSIBLE), draw.randrange(NFTS), draw.randrange(PEOPLE), draw.random())
            elif what == "pledge rigs":
                given_ = (BorrowOnRigs, draw.randrange(PEOPLE), {"ghs": 300_000, "amount": 10**12})
            else:
                given_ = draw.uniform(0.05, 1.2)
            name, status = apply(h, fleet, what, given_)
            done[name] = done.get(name, 0) + (status == Status.DONE)
            defaults, sold = defaults + h.loans.notes.defaults, sold + h.loans.loans.sold
        lost, seized = lost + sum(h.loans.pool.losses), seized + h.loans.rig_loans.seized
        everything_is_still_there(h)
    assert all(done.get(name, 0) for name in SENSIBLE if name not in ("buy", "take offer")), done
    assert min(lost, seized, defaults, sold) > 0
