"""Laws of power: a bill is paid to the last unit, its tax to the state; contracts off change nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Marketplace
from model.errors import ScenarioError
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET, Ledger
from model.mechanisms.power.kernels import settle_invoices

CONTRACTS = {"power__indexed": 0.3, "power__interruptible": 0.4, "power__curtail_above": 0.0, "power__peak_hours": 12.0}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**12), st.floats(0, 1)), min_size=1, max_size=4),
    st.lists(st.integers(0, 10**12), min_size=1, max_size=5),
)
def test_tax_is_paid_in_proportion_and_to_the_last_unit(bills: list[tuple[int, float]], gifts: list[int]) -> None:
    ledger = Ledger(["world", "protocol", "utilities", "state", "miner"], 16, 3, 1)
    state = ledger.open_account("state", "state")
    miners = ledger.open_accounts("miner", len(bills))
    taxes = np.zeros(ledger.books.sector.size, np.int64)
    for miner, (bill, share) in zip(miners, bills, strict=True):
        ledger.pay(PAYABLE_ASSET, ledger.utilities, miner, bill, Flow.POWER)
        taxes[miner] = int(bill * share)
    owed, raised, n = taxes.copy(), 0, ledger.accounts
    for gift in (*gifts, 10**13):
        for miner in miners:
            ledger.pay(USD_ASSET, ledger.world, miner, gift, Flow.ENDOWMENT)
        short, missing = np.empty(n, np.int64), np.empty(n, np.int64)
        owing, more = settle_invoices(ledger.books, n, ledger.utilities, state, taxes, short, missing)
        raised += more
        ledger.check()
        assert (taxes >= 0).all() and (taxes[miners] <= ledger.books.balances[PAYABLE_ASSET, miners]).all()
        assert ledger.balance(USD_ASSET, state) == raised == int((owed - taxes).sum())
        assert [int(missing[k]) for k in range(owing)] == [ledger.balance(PAYABLE_ASSET, int(a)) for a in short[:owing]]
    assert taxes.sum() == 0
    assert raised == owed.sum()
    assert ledger.balance(USD_ASSET, ledger.utilities) == sum(bill for bill, _ in bills) - raised


@pytest.mark.parametrize("hours", [1, 6, 12])
def test_contracts_keep_the_laws_at_any_tick(hours: int) -> None:
    ticks = 9 * 24 // hours
    with Marketplace("smoke", rng=1, clock__ticks=ticks, clock__hours_per_tick=hours, **CONTRACTS,
                     power__region_map="2022-01", regulation__power_tax_share=0.1) as market:  # fmt: skip
        market.run().check()
        flows = market.flows()
        assert (flows.sum(axis=1) == 0).all()
        assert flows.loc["power tax", "state"] > 0 > flows.loc["curtailment", "utilities"]
        assert market.summary()["power.interrupted"] > 0.1
        sites, n = market.mechanisms["rigs"].fleet.sites, market.mechanisms["rigs"].fleet.n_sites
        assert set(np.unique(sites.indexed[:n] + sites.interruptible[:n])) <= {0.0, 0.7, 1.0}


def test_contracts_off_leave_every_site_alone() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=3) as market:
        market.run()
        rigs = market.mechanisms["rigs"]
        sites, n = rigs.fleet.sites, rigs.fleet.n_sites
        assert (sites.factor[:n] == 1.0).all() and (sites.cooling[:n] == 1.0).all() and (sites.region[:n] == -1).all()
        assert not sites.curtailed[:n].any() and not sites.banned[:n].any() and not rigs.meter.tax.any()
        assert market.mechanisms["power"].state_account < 0


def test_draws_are_an_account_s_own() -> None:
    regions = []
    for more in (15, 40):
        with Marketplace("smoke", rng=3, clock__ticks=1, agents__miner__count=more, power__region_map="2022-01") as m:
            miners = m.populations["miner"].account[:15]
            regions.append(m.mechanisms["power"].region[miners].tolist())
    assert regions[0] == regions[1]
    assert len(set(regions[0])) > 2


def test_own_regions_have_their_price_and_cooling() -> None:
    rows = [
        {"name": "hot", "share": 0.5, "usd_per_kwh": 0.03, "pue": 1.26},
        {"name": "cold", "share": 0.5, "usd_per_kwh": 0.06, "pue": 1.05},
    ]
    with Marketplace("smoke", rng=3, clock__ticks=2, power__region_map="own", power__regions=rows) as market:
        market.run()
        rigs, power, miners = market.mechanisms["rigs"], market.mechanisms["power"], market.populations["miner"]
        account = miners.account[: len(miners)]
        site = rigs.fleet.first_site[account]
        hot = power.region[account] == 0
        sites = rigs.fleet.sites
        assert hot.any() and not hot.all()
        assert sites.cooling[site[hot]] == pytest.approx(1.2)
        assert sites.cooling[site[~hot]] == pytest.approx(1.0)
        assert miners.columns["power_price"][: len(miners)].tolist() == sites.power_price[site].tolist()
    with Marketplace("smoke", rng=3, clock__ticks=2) as plain:
        drawn = plain.populations["miner"].columns["power_price"][: account.size]
        assert sites.power_price[site] == pytest.approx(np.where(hot, 0.03, 0.06) / 0.045 * drawn)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"power__indexed": 0.7, "power__interruptible": 0.7}, "at most all of them"),
        ({"power__region_map": "own"}, "go together"),
        ({"power__region_map": "own", "power__regions": [{"name": "a", "share": 0.5}]}, "not to 1"),
        ({"regulation__ban_region": "Chile"}, "no such region"),
        ({"regulation__closed_kinds": ["arts"]}, "did you mean 'art'"),
        ({"regulation__ban_date": "soon"}, "YYYY-MM"),
    ],
)
def test_wrong_tables_are_refused(values: dict, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        Marketplace("smoke", clock__ticks=1, **values)
