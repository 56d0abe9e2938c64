"""Vaults and offerings under random play: everything is conserved, all income has one owner, refunds are exact."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.offerings import Subscribe, Tokenise
from model.mechanisms.vaults import Redeem, VaultStatus
from tests.vault_house import WHOLE, House

AGENTS = 4
agent = st.integers(0, AGENTS - 1)
vault = st.integers(0, 3)
amount = st.sampled_from([-5, 0, 1, 333, WHOLE, 77 * WHOLE + 1, 200 * WHOLE, 500 * WHOLE, 2_000 * WHOLE])
step = st.one_of(
    st.tuples(st.just("mint"), agent, st.integers(1, 30_000), st.just(0)),
    st.tuples(
        st.just("offer"), agent, st.sampled_from([-10, 1_000, 9_999, 60_000]), st.sampled_from([0, 999_983, 10**6])
    ),
    st.tuples(st.just("subscribe"), agent, vault, amount),
    st.tuples(st.just("subscribe"), agent, vault, amount),
    st.tuples(st.just("redeem"), agent, st.integers(-1, 6), amount),
    st.tuples(st.just("redeem all"), agent, vault, st.just(0)),
    st.tuples(st.just("give"), agent, vault, amount),
    st.tuples(st.just("mine"), st.just(0), vault, st.integers(0, 40_000)),
    st.tuples(st.just("bad luck"), st.just(0), vault, st.integers(0, 3_000_000)),
    st.tuples(st.just("rule"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("night"), st.just(0), st.just(0), st.just(0)),
)
PLAY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def play(house: House, steps: list[tuple[str, int, int, int]]) -> None:
    vaults, agents = house.vaults, house.agents
    mined: set[int] = set()
    for what, who, which, size in steps:
        there = 0 <= which < vaults.n
        if what == "mint" and which <= house.rigs.registered[agents[who]]:
            vaults.create(agents[who], which)
        elif what == "offer":
            house.act(Tokenise(agents[who], ghs=which, price=size, keep_bps=1_000))
        elif what == "subscribe":
            house.act(Subscribe(agents[who], vault=which, fractions=size, limit=10 * WHOLE))
        elif what == "redeem":
            house.act(Redeem(agents[who], vault=which, amount=size))
        elif what == "redeem all" and there:
            house.act(Redeem(agents[who], vault=which, amount=house.held(which, agents[who])))
        elif what == "give" and there and vaults.live[which]:
            house.give(which, who, (who + 1) % AGENTS, max(0, min(size, house.held(which, agents[who]))))
        elif what in ("mine", "bad luck") and there and which not in mined and vaults.status[which] != VaultStatus.NONE:
            mined.add(which)
            sat, usd = (size, 20 * size) if what == "mine" else (size % 500, size)
            house.mine(which, sat, usd)
        elif what == "rule":
            rule = ("none", "whole", "in_kind")[who]
            vaults.params = vaults.params.model_copy(update={"redemption": rule})
        elif what == "night":
            house.day()
            mined.clear()
        house.check()
    house.day()


@PLAY
@given(
    st.lists(step, min_size=30, max_size=60),
    st.sampled_from(["curtail", "operator_absorbs"]),
    st.sampled_from([5, 400]),
)
def test_random_play_conserves_everything(steps: list[tuple[str, int, int, int]], shortfall: str, life: int) -> None:
    house = House(vaults={"shortfall": shortfall, "life_days": life, "discount": 0.1}, offerings={"days": 2})
    everything = house.rigs.registered.sum()
    sold = []
    house.rigs.sell = lambda account, ghs, sell=house.rigs.sell: sold.append(ghs) or sell(account, ghs)
    house.vault(0, 30_000)
    house.vault(1, 20_001)
    house.act(Tokenise(house.agents[2], ghs=40_000, price=999_983, keep_bps=2_000))
    play(house, steps)
    assert house.rigs.registered.sum() + sum(sold) == everything
    assert house.rigs.registered.min() >= 0
    one_owner_of_every_coin(house)


def one_owner_of_every_coin(house: House) -> None:
    """What pots hold beyond dust is claimed by holders; what stays behind is less than a unit a holder and vault."""
    vaults, ledger = house.vaults, house.ledger
    for account in range(ledger.accounts):
        house.coins(account)
    for v in range(vaults.n):
        left = ledger.balance(BTC_ASSET, int(vaults.pot[v])) - int(vaults.dust[v])
        assert 0 <= left <= 2 * (house.clock.tick + 1) + AGENTS + 2


@PLAY
@given(
    st.lists(st.tuples(agent, st.integers(1, 400 * WHOLE)), min_size=1, max_size=12),
    st.sampled_from([1, 7, 999_983, 1_570_000, 5_000_001]),
    st.integers(0, 9_000),
)
def test_an_offering_delivers_all_or_refunds_all(buys: list[tuple[int, int]], price: int, keep: int) -> None:
    house = House(offerings={"days": 3, "fee_bps": 0})
    before = [house.cash(a) for a in house.agents]
    rigs = house.rigs.registered.copy()
    house.day(Tokenise(house.agents[0], ghs=50_000, price=price, keep_bps=keep))
    assert house.offerings.is_open[0]
    for who, size in buys:
        house.act(Subscribe(house.agents[who], vault=0, fractions=size, limit=price))
        house.check()
    sold_out = house.offerings.left[0] == 0
    for _ in range(4):
        house.day()
    assert not house.offerings.is_open[0]
    assert house.ledger.balance(USD_ASSET, house.offerings.escrow) == 0
    if sold_out:
        assert house.vaults.status[0] == VaultStatus.LIVE
        assert sum(house.cash(a) for a in house.agents) == sum(before)
        assert sum(house.held(0, a) for a in house.agents) == house.vaults.supply[0]
    else:
        assert house.vaults.status[0] == VaultStatus.NONE
        assert [house.cash(a) for a in house.agents] == before
        assert np.array_equal(house.rigs.registered, rigs)
        assert house.ledger.outstanding(int(house.vaults.fraction[0])) == 0


@PLAY
@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=30), st.integers(1, 10**12), st.floats(0.0, 0.0089))
def test_income_is_shared_to_the_last_unit(days: list[int], supply: int, fee: float) -> None:
    house = House(vaults={"service_fee": fee})
    v = house.vault(supply=supply)
    credited = 0
    for sat in days:
        house.give(v, 0, 1, house.held(v, house.agents[0]) // 3)
        house.mine(v, sat, usd=100 * sat)
        house.day()
        credited += int(house.vaults.net_income[v])
    got = house.coins(house.agents[0]) + house.coins(house.agents[1])
    assert got <= credited
    assert credited - got <= int(house.vaults.dust[v]) + len(days) + 2


@PLAY
@given(st.lists(st.tuples(agent, st.integers(1, 300 * WHOLE)), min_size=1, max_size=12), st.booleans())
def test_redeeming_never_gives_more_than_the_share(cuts: list[tuple[int, int]], ended: bool) -> None:
    house = House(vaults={"redemption": "in_kind", "life_days": 1 if ended else 500})
    v = house.vault()
    for who in range(1, AGENTS):
        house.give(v, 0, who, 200 * WHOLE)
    house.day()
    house.day()
    assert bool(house.vaults.live[v]) is not ended
    for who, size in cuts:
        supply = int(house.vaults.supply[v])
        account, pot = int(house.vaults.account[v]), int(house.vaults.pot[v])
        stock = house.cash(pot) if ended else int(house.rigs.registered[account])
        action = Redeem(house.agents[who], vault=v, amount=size)
        house.act(action)
        if action.done[0]:
            got = int(action.rows["filled"][0])
            assert got * supply <= stock * size
            assert (stock - got) * supply >= stock * (supply - size)
        house.check()
