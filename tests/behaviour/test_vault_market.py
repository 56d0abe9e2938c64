"""Vaults and offerings in the whole market, with real rigs, network, mining pools and liquidity pools."""

import numpy as np
import pytest

from model import Marketplace
from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanisms.offerings import Subscribe, Tokenise
from model.mechanisms.vaults import Redeem, VaultStatus
from model.units import TOKEN, USD


def small(**given: object) -> Marketplace:
    return Marketplace("smoke", clock__ticks=40, **given)


def test_a_miner_tokenises_sells_and_ends_with_a_pool() -> None:
    with small(offerings__initial=2) as market:
        market.step()
        rigs, vaults = market.mechanisms["rigs"], market.mechanisms["vaults"]
        miner = int(max(market.populations["miner"].account, key=lambda a: rigs.registered[a]))
        buyers = market.populations["retail_investor"].account
        had = int(rigs.registered[miner])
        v = vaults.n
        market.submit(Tokenise(miner, ghs=had // 2, price=USD // 5, keep_bps=1_000))
        market.step()
        assert vaults.status[v] == VaultStatus.OFFERED
        assert rigs.held(int(vaults.account[v])) == had // 2
        supply = int(vaults.supply[v])
        market.submit(Subscribe(buyers, vault=v, fractions=supply // 10, limit=USD))
        market.step()
        assert vaults.status[v] == VaultStatus.LIVE
        assert market.mechanisms["amm"].pool[v] >= 0
        for _ in range(3):
            market.step()
        assert vaults.income[v] != 0.0
        assert vaults.efficiency[v] > 0.0


def test_life_ends_in_cash_for_holders() -> None:
    with small(vaults__life_days=6, offerings__initial=3) as market:
        vaults, ledger = market.mechanisms["vaults"], market.ledger
        for _ in range(9):
            market.step()
        assert (vaults.status[:3] == VaultStatus.ENDED).all()
        fraction, pot = int(vaults.fraction[0]), int(vaults.pot[0])
        holding = ledger.books.balances[fraction, : ledger.accounts] > 0
        holding[market.mechanisms["amm"].pool[0]] = False  # its providers take their part out first
        holders = np.flatnonzero(holding)
        amount, cash = ledger.books.balances[fraction, holders].copy(), ledger.balance(USD_ASSET, pot)
        market.submit(Redeem(holders, vault=0, amount=amount))
        market.step()
        rest = ledger.outstanding(fraction)
        assert rest <= ledger.balance(fraction, int(market.mechanisms["amm"].pool[0]))
        assert 0 < ledger.balance(USD_ASSET, pot) < cash


@pytest.mark.parametrize("hours", [4, 24])
def test_rigs_leave_by_redemption_with_their_owner(hours: int) -> None:
    with small(vaults__redemption="in_kind", offerings__initial=2, clock__hours_per_tick=hours) as market:
        market.step()
        rigs, vaults, ledger = market.mechanisms["rigs"], market.mechanisms["vaults"], market.ledger
        fraction = int(vaults.fraction[1])
        holder = int(np.argmax(ledger.books.balances[fraction, market.populations["miner"].account]))
        holder = int(market.populations["miner"].account[holder])
        amount = ledger.balance(fraction, holder)
        supply, promised, had = int(vaults.supply[1]), int(vaults.ghs[1]), rigs.held(holder)
        action = Redeem(holder, vault=1, amount=amount)
        market.submit(action)
        market.step()
        assert action.rows["status"][0] == Status.DONE
        assert amount >= TOKEN
        assert action.rows["filled"][0] == promised * amount // supply
        assert rigs.held(holder) >= had + action.rows["filled"][0] - promised // 100
        for _ in range(5):
            market.step()


@pytest.mark.parametrize("hours", [4, 24])
def test_what_the_first_morning_opens_lasts_as_long_as_it_says(hours: int) -> None:
    """A contract mines for its whole term and no tick longer; a club asks for pledges as many days as any offering."""
    opening = [
        {"kind": "hashpower_contract", "th": 10, "term_days": 5},
        {"kind": "club", "th": 10, "issue_multiple": 90},
    ]
    given = {"offerings__initial": 0, "offerings__opening": opening, "offerings__days": 5}
    with small(clock__hours_per_tick=hours, **given) as market:
        vaults, mined = market.mechanisms["vaults"], 0
        for tick in range(5 * 24 // hours):
            assert vaults.status[:2].tolist() == [VaultStatus.LIVE, VaultStatus.OFFERED], tick
            market.step()
            mined += vaults.power[0] > 0
        assert vaults.status[:2].tolist() == [VaultStatus.ENDED, VaultStatus.NONE]
        assert mined == 5 * 24 // hours
