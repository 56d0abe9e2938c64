"""Offerings of all forms at once under random play: nothing is lost, nobody pays more than his limit, escrow is exact."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ledger import USD_ASSET
from model.mechanisms.offerings import FoundClub, OfferContract, Subscribe, Tokenise
from model.mechanisms.vaults import VaultStatus
from model.nft_kind import NftKind
from model.units import USD
from tests.vault_house import WHOLE, House

AGENTS = 4
FORMS = ("fixed_price", "fixed_price_keep", "dutch", "bonding_curve", "editions")
agent = st.integers(0, AGENTS - 1)
price = st.sampled_from([1, 7, 999_983, 1_570_000, 3 * USD])
step = st.one_of(
    st.tuples(st.just("rigs"), agent, st.integers(1_000, 30_000), price),
    st.tuples(st.just("contract"), agent, st.integers(1_000, 30_000), price),
    st.tuples(st.just("club"), agent, st.integers(1_000, 90_000), price),
    *[st.tuples(st.just("subscribe"), agent, st.integers(0, 5), st.integers(0, 700 * WHOLE)) for _ in range(4)],
    st.tuples(st.just("night"), st.just(0), st.just(0), st.just(0)),
    st.tuples(st.just("theft"), st.just(0), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("fair"), st.just(0), st.just(0), st.sampled_from([1, 15, 400])),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(step, min_size=20, max_size=60),
    st.sampled_from(FORMS),
    st.sampled_from(FORMS),
    st.integers(0, 2_000),
    st.sampled_from([6, 24]),
)
def test_random_play(steps: list[tuple[str, int, int, int]], form: str, other: str, rise: int, hours: int) -> None:
    house = House(
        hours=hours,
        vaults={"service_fee": 0.0},
        offerings={
            "form": form, "forms": {"hashpower_contract": other}, "days": 2, "dutch_days": 1, "editions": 37,
            "bonding_rise": rise / 1_000, "fee_bps": 0,
        },
    )  # fmt: skip
    ledger, offers, cash, bought = house.ledger, house.offerings, house.cash, 0
    everything = sum(cash(a) for a in house.agents)
    stolen = 0
    for what, who, which, size in steps:
        account = house.agents[who]
        if what == "rigs":
            house.act(Tokenise(account, ghs=which, price=size, keep_bps=500))
        elif what == "contract":
            house.act(OfferContract(account, ghs=which, days=30, price=size, keep_bps=500))
        elif what == "club":
            house.act(FoundClub(account, ghs=which, price=size))
        elif what == "subscribe":
            limit = int(offers.price[which]) * (1 + size % 3) // 2 + size % 2
            before = cash(account)
            action = Subscribe(account, vault=which, fractions=size, limit=limit)
            house.act(action)
            filled = int(action.rows["filled"][0])
            assert (before - cash(account)) * WHOLE <= filled * limit
            bought += filled > 0
        elif what == "theft" and which < house.vaults.n and house.vaults.kind[which] != NftKind.CLUB:
            stolen += int(house.rigs.registered[house.vaults.account[which]])
            house.rigs.registered[house.vaults.account[which]] = 0
            house.day()
        elif what == "fair":
            house.rigs.price = float(size)
        elif what == "night":
            house.day()
        house.check()
        assert ledger.balance(USD_ASSET, offers.escrow) == sum(offers.slips.paid(v) for v in offers.now)
    for _ in range(3 * 24 // hours):
        house.day()
    assert not offers.now
    assert ledger.balance(USD_ASSET, offers.escrow) == 0
    vaults = house.vaults
    in_clubs = sum(cash(int(vaults.account[v])) for v in range(vaults.n))
    world = (
        -ledger.balance(USD_ASSET, ledger.world) - AGENTS * 10_000 * WHOLE - round(vaults.params.operator_capital * USD)
    )
    assert sum(cash(a) for a in house.agents) + in_clubs - world == everything  # rigs of clubs are paid to the world
    assert int(house.rigs.registered.sum()) + stolen == AGENTS * 100_000
    for v in range(vaults.n):
        held = sum(house.held(v, a) for a in house.agents)
        assert held == (vaults.supply[v] if vaults.status[v] == VaultStatus.LIVE else held)
        assert ledger.outstanding(int(vaults.receipts[v])) == 0 if vaults.receipts[v] >= 0 else True
        assert held == 0 or vaults.status[v] in (VaultStatus.LIVE, VaultStatus.ENDED)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(agent, st.integers(0, 300 * WHOLE)), min_size=1, max_size=10), st.sampled_from(FORMS))
def test_a_failed_bundle_leaves_no_slip(buys: list[tuple[int, int]], form: str) -> None:
    from model.actions import Bundle

    house = House(offerings={"form": form, "editions": 37})
    house.day(Tokenise(house.agents[0], ghs=50_000, price=3 * USD, keep_bps=0))
    before = [house.cash(a) for a in house.agents]
    for who, size in buys:
        good = Subscribe(house.agents[who], vault=0, fractions=size, limit=9 * USD)
        house.act(Bundle([good, Subscribe(house.agents[who], vault=0, fractions=WHOLE, limit=0)]))
        house.check()
    assert [house.cash(a) for a in house.agents] == before
    assert house.offerings.slips.count[0] == 0
    assert np.array_equal(house.offerings.left, house.offerings.offered)
