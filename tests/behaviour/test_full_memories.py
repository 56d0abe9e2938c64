"""Each memory of a fixed size says in the run's record when its last room is taken, and not before."""

from model.mechanisms.rental import IssueTokens
from model.mechanisms.revenue_shares import OfferRevenueShare
from model.nft_kind import NftKind
from model.room import shortages
from model.units import USD
from tests.credit_house import CreditHouse
from tests.rental_house import PH, RentalHouse


def test_nfts() -> None:
    house = CreditHouse()
    room = house.nfts.params.capacity - house.nfts.n
    for left in range(room, 0, -1):
        assert shortages(house.market.journal) == [], left
        house.nfts.mint(house.people[0], NftKind.ART, 1.0)
    (told,) = shortages(house.market.journal)
    assert f"nfts.capacity = {house.nfts.params.capacity:,}" in told


def test_revenue_shares() -> None:
    house = RentalHouse(revenue_shares={"capacity": 2})
    first, second = house.people[:2]
    terms = {"share_ppm": 100_000, "amount": 1_000 * USD, "cap_bps": 15_000, "days": 365}
    assert house.act(OfferRevenueShare(first, **terms))[0][1] == 0
    assert shortages(house.market.journal) == []
    assert house.act(OfferRevenueShare(second, **terms))[0][1] == 1
    (told,) = shortages(house.market.journal)
    assert "revenue_shares.capacity = 2" in told


def test_series_of_tokens_once_however_often_all_are_taken() -> None:
    house = RentalHouse(rental={"token_series": 1})
    issuer = house.people[0]
    assert shortages(house.market.journal) == []
    for _ in range(2):
        assert house.act(IssueTokens(issuer, ghs=PH, hours=24, price=USD))[0][1] == 0
        for _ in range(3):
            house.step()
    (told,) = shortages(house.market.journal)
    assert "rental.token_series = 1" in told
