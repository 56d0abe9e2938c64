"""Vaults of all kinds with stakes, pools and baskets under random play: every unit of income has exactly one owner."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from model.mechanisms.vaults import AssembleBasket, Redeem, Stake, Unstake, VaultStatus
from model.nft_kind import NftKind
from tests.vault_house import WHOLE, House

AGENTS, RIGS, CONTRACT, ART, LAND, BASKET = 4, 0, 1, 2, 3, 4
agent, vault = st.integers(0, AGENTS - 1), st.integers(0, BASKET)
amount = st.sampled_from([-1, 0, 1, 333, WHOLE, 77 * WHOLE + 1, 200 * WHOLE, 500 * WHOLE])
WHATS = ("stake", "stake", "unstake", "give", "give", "assemble", "redeem", "buy", "sell", "provide", "withdraw")
step = st.one_of(
    st.tuples(st.sampled_from(WHATS), agent, vault, amount),
    st.tuples(st.sampled_from(["earn", "earn", "lose"]), agent, vault, st.integers(1, 3_000_000)),
    st.tuples(st.just("night"), agent, vault, amount),
)
RULES = st.fixed_dictionaries(
    {
        "eligibility": st.sampled_from(["all_holders", "staked_only", "lp_passthrough"]),
        "unstaked_to": st.sampled_from(["stakers", "operator", "treasury", "providers"]),
        "shortfall": st.sampled_from(["curtail", "operator_absorbs", "carry_debt", "terminate_after_days"]),
        "redemption": st.sampled_from(["none", "whole", "in_kind"]),
        "life_days": st.sampled_from([4, 400]),
        "terminate_days": st.just(2),
    }
)
PLAY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def furnished(rules: dict[str, Any]) -> House:
    """A vault with rigs, a contract, a work and land, each with a pool, and a basket of the first and the third."""
    row = {"name": "both", "members": [RIGS, ART], "per_fraction": [1.5, 0.7]}
    house = House(vaults={"baskets": [row], **rules}, pools=True)
    a, b, c, d = house.agents
    house.vaults.create(a, 50_000)
    house.vaults.create(b, 30_000, kind=NftKind.HASHPOWER_CONTRACT, term_days=6)
    house.vaults.create(c, 0, kind=NftKind.ART, nft=house.nfts.mint(c, 900.0))
    house.vaults.create(d, 0, kind=NftKind.METAVERSE_LAND, nft=house.nfts.mint(d, 2_000.0))
    for v, creator in enumerate(house.agents):
        house.amm.seed(v, creator, 500 * WHOLE, 200 * WHOLE)
        house.give(v, v, (v + 1) % AGENTS, 200 * WHOLE)
    house.day()
    return house


def earn(house: House, v: int, size: int, good: bool) -> None:
    """Let a vault earn or lose, each as its kind does."""
    vaults = house.vaults
    if vaults.kind[v] in (NftKind.RIG, NftKind.HASHPOWER_CONTRACT):
        house.mine(v, size // 10 if good else size % 100, usd=size)
    elif vaults.nft[v] >= 0:
        house.rent(v, size if good else -size)


def mine(house: House, asset: int, account: int) -> int:
    """What an account has of an asset that may not exist yet."""
    return house.ledger.balance(asset, account) if asset >= 0 else 1


def play(house: House, steps: list[tuple[str, int, int, int]]) -> None:
    earned: set[int] = set()
    for what, who, v, size in steps:
        account, live = house.agents[who], bool(house.vaults.live[v])
        held = house.held(v, account)
        if what == "stake":
            house.act(Stake(account, vault=v, amount=size))
        elif what == "unstake":
            house.act(Unstake(account, vault=v, amount=min(size, mine(house, int(house.vaults.stake[v]), account))))
        elif what == "give" and live:
            house.give(v, who, (who + 1) % AGENTS, max(0, min(size, held)))
        elif what == "assemble":
            house.act(AssembleBasket(account, vault=v, amount=size))
        elif what == "redeem":
            house.act(Redeem(account, vault=v, amount=size))
        elif what in ("buy", "sell"):
            house.act(Swap(account, vault=v, side=what == "sell", amount=size, limit=0))
        elif what == "provide":
            house.act(AddLiquidity(account, vault=v, usd=max(size, 0), fractions=max(size, 0), limit=0))
        elif what == "withdraw":
            share = mine(house, int(house.amm.share[v]), account)
            house.act(RemoveLiquidity(account, vault=v, shares=min(size, share), limit=0))
        elif what in ("earn", "lose") and v not in earned and house.vaults.status[v] != VaultStatus.NONE:
            earned.add(v)
            earn(house, v, size, what == "earn")
        elif what == "night":
            house.day()
            earned.clear()
        house.check()


def collect_all(house: House) -> None:
    """Everything that agents and the basket are owed is paid."""
    vaults, shares = house.vaults, house.amm.share
    for asset in (*vaults.stake[: vaults.n], *vaults.fraction[: vaults.n], *shares[: vaults.n]):
        if asset >= 0:
            house.ledger.collect(int(asset), np.array([*house.agents, int(vaults.account[BASKET])]))


@PLAY
@given(st.lists(step, min_size=30, max_size=60), RULES)
def test_every_unit_of_income_has_one_owner(steps: list[tuple[str, int, int, int]], rules: dict[str, Any]) -> None:
    house = furnished(rules)
    play(house, steps)
    house.day()
    collect_all(house)
    house.check()
    vaults, pools, ledger = house.vaults, house.amm.pools, house.ledger
    slack = 4 * (house.clock.tick + 2) + 2 * AGENTS
    for v in range(vaults.n):
        left = ledger.balance(BTC_ASSET, int(vaults.pot[v])) - int(vaults.dust[v])
        assert 0 <= left <= slack
        if vaults.usd_pot[v] >= 0:
            assert 0 <= ledger.balance(USD_ASSET, int(vaults.usd_pot[v])) - int(vaults.usd_dust[v]) <= slack
        for venue in (vaults.staking, house.amm.passing):
            if venue.account[v] >= 0:
                pot = int(venue.pot[v])
                assert 0 <= ledger.balance(BTC_ASSET, pot) - int(venue.pending_btc[v]) <= slack
                assert 0 <= ledger.balance(USD_ASSET, pot) - int(venue.pending_usd[v]) <= slack
        if pools.account[v] >= 0:
            assert ledger.balance(BTC_ASSET, int(pools.account[v])) == 0


@PLAY
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**9)), min_size=1, max_size=8),
    st.sampled_from(["all_holders", "staked_only", "lp_passthrough"]),
    st.sampled_from(["stakers", "operator", "treasury", "providers"]),
)
def test_each_gets_the_part_that_the_rule_says(incomes: list[tuple[int, int]], rule: str, taker: str) -> None:
    """200 of 1,000 fractions in the pool, 300 staked, 500 with an agent; coins from one vault, dollars from another."""
    house = furnished({"eligibility": rule, "unstaked_to": taker, "service_fee": 0.0})
    a, _, c, _ = house.agents
    house.act(Stake(a, vault=RIGS, amount=300 * WHOLE), Stake(c, vault=ART, amount=300 * WHOLE))
    platform, cash = house.market.platform, house.cash(c)
    got, taken = np.zeros(2), 0
    for sat, usd in incomes:
        house.mine(RIGS, sat)
        house.rent(ART, usd)
        house.morning()
        house.check()
        house.clock.tick += 1
        taken += int(house.vaults.taken.sum())
        for k, passing in enumerate((house.vaults.staking, house.amm.passing)):
            got[k] += passing.income_btc[RIGS] + passing.income_usd[ART]
    total, staked, pooled, rest = sum(sat + usd for sat, usd in incomes), 0.3, 0.2, 0.5
    if rule == "staked_only":
        pooled, rest = 0.0, 0.7
    if rule == "all_holders":
        rest = 0.0
    elif taker == "stakers":
        staked, rest = staked + rest, 0.0
    elif taker == "providers":
        pooled, rest = pooled + rest, 0.0
    slack = 4 * len(incomes)
    assert abs(got[0] - staked * total) <= slack
    assert abs(got[1] - pooled * total) <= slack
    assert abs(taken - rest * total) <= slack
    if taker == "treasury":
        assert house.cash(platform) + house.ledger.balance(BTC_ASSET, platform) == taken
    assert house.cash(c) == cash
