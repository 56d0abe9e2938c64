"""What ended vaults owe is fetched without buy-outs too, and miners in arrears sell what they kept before rigs are taken."""

import numpy as np
import pytest

from agents.claims import claims_of
from agents.sheet import CLICK
from agents.vault_sheet import sheet_of
from model import Marketplace, Scenario
from model.actions import Status
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.amm import RemoveLiquidity
from model.mechanisms.vaults import Redeem, VaultStatus
from model.units import USD

LIFE = 35  # days, after which seeded pool shares are locked no more


def mining(days: int, **more: float) -> Marketplace:
    """The smoke scenario, where nobody looks but miners, once a week, and no fractions are added to those at the start."""
    values = {
        "clock.ticks": days, "vaults.life_days": LIFE, "offerings.initial": 3, "agents.miner.tokenise_rate": 0.0,
        "fees.transaction_fee": 0.0, "agents.retail_investor.attention": 0.0, "agents.retail_investor.startle": 100.0,
        "agents.liquidity_provider.attention": 0.0, "agents.arbitrageur.attention": 0.0, **more,
    }  # fmt: skip
    return Marketplace(Scenario.load("smoke").override(values), rng=2)


def held(market: Marketplace, account: np.ndarray) -> tuple[int, int]:
    """Fractions and pool shares of some accounts, all vaults together."""
    balances, view = market.ledger.books.balances, market.view
    return tuple(
        int(balances[assets[: view.vaults.n]][:, account].sum()) for assets in (view.vaults.fraction, view.amm.share)
    )


def test_miners_fetch_what_ended_vaults_owe_them() -> None:
    with mining(LIFE + 18) as market:
        market.step()
        miners = market.populations["miner"].account
        assert min(held(market, miners)) > 0
        market.run()
        assert (market.view.vaults.status == VaultStatus.ENDED).all()
        assert held(market, miners) == (0, 0)
        done = market.settlement.outcomes
        assert min(done[action][Status.DONE] for action in (Redeem, RemoveLiquidity)) > 0
        market.check()


def test_a_claim_that_is_not_worth_its_transaction_waits() -> None:
    with mining(LIFE + 2) as market:
        market.step()
        miners = market.populations["miner"].account
        assert list(claims_of(market, miners)) == []
        market.run()
        market.view.refresh()
        market.__dict__.pop("vault_sheet", None)
        rows = [row for batch in claims_of(market, miners) if isinstance(batch, Redeem) for row in batch.rows]
        assert rows
        worth = max(row["amount"] * market.ledger.value[market.view.vaults.fraction[row["vault"]]] for row in rows)
        sheet_of(market).look().scalars[CLICK] = 2.0 * worth
        assert not any(isinstance(batch, Redeem) for batch in claims_of(market, miners))


@pytest.mark.parametrize("kept", [True, False])
def test_who_owes_power_sells_the_fractions_that_he_kept(kept: bool) -> None:
    with mining(12) as market:
        market.step()
        ledger, view = market.ledger, market.view
        balances, miners = ledger.books.balances, market.populations["miner"].account
        v, who = next(
            (v, int(a)) for v in range(view.vaults.n) for a in miners if balances[view.vaults.fraction[v], a] > 0
        )
        fraction = int(view.vaults.fraction[v])
        before = ledger.balance(fraction, who)
        if not kept:
            ledger.pay(fraction, who, ledger.world, before, Flow.TRANSFER)
            ledger.pay(
                int(view.amm.share[v]), who, ledger.world, ledger.balance(int(view.amm.share[v]), who), Flow.TRANSFER
            )
        ledger.pay(USD_ASSET, who, ledger.world, ledger.balance(USD_ASSET, who), Flow.TRANSFER)
        ledger.pay(PAYABLE_ASSET, ledger.utilities, who, 30 * USD, Flow.POWER)
        ledger.pay(USD_ASSET, ledger.world, who, 2 * USD, Flow.TRANSFER)
        market.mechanisms["rigs"].take(who, market.mechanisms["rigs"].held(who))
        for _ in range(8):
            market.step()
        assert (ledger.balance(PAYABLE_ASSET, who) == 0) == kept
        assert (0 < ledger.balance(fraction, who) < before) == kept
