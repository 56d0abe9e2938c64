"""What follows a sale and what precedes the first: venues, launch grants, vaults of all kinds on the first morning."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario, ScenarioError
from model.actions import Status
from model.flows import Flow, Group
from model.ledger import USD_ASSET
from model.mechanisms.offerings import Fractionalise, Subscribe
from model.nft_kind import NftKind
from model.units import DAYS_PER_MONTH, TOKEN, USD
from tests.sales import Sale

ROWS = [
    {"kind": "art", "count": 2, "appraisal": 5_000.0, "keep_bps": 2_000},
    {"kind": "hashpower_contract", "th": 50.0, "term_days": 60.0},
    {"kind": "club", "th": 100.0},
]


def provided(sale: Sale, shares: dict[int, int]) -> Any:
    """A venue whose shares some agents hold."""
    ledger = sale.house.ledger
    issuer = ledger.open_account("platform", "venue")
    share = ledger.add_asset("shares", Group.SHARE, (issuer,))
    for who, amount in shares.items():
        ledger.pay(share, issuer, sale.agents[who], amount, Flow.MINT)
    return SimpleNamespace(seed=lambda *given: 1, share=np.full(6, share))


def test_grants_follow_shares_and_the_rest_returns() -> None:
    """100 of 1,000 over ten days: three of four parts to one, the creator gets none of it but what nobody earned."""
    sale = Sale(grant_bps=1_000, grant_days=10.0, fee_bps=0)
    sale.buy(1, 1_000)
    sale.nights(1)
    assert (sale.held(1), sale.held(0)) == (666, 234)
    sale.nights(3)
    sale.offers.amm = provided(sale, {0: 500, 2: 300, 3: 100})
    sale.nights(4)
    assert (sale.held(2), sale.held(3)) == (30, 10)
    assert sale.held(0) == 234
    sale.nights(3)
    assert (sale.held(2), sale.held(3)) == (52.5, 17.5)
    assert sale.held(0) == 234 + 30
    assert not sale.offers.grants.running


def test_income_of_fractions_set_aside_is_the_creators() -> None:
    sale = Sale(grant_bps=1_000, grant_days=10.0)
    sale.buy(1, 1_000)
    sale.nights(1)
    sale.house.mine(0, 100_000)
    sale.nights(2)
    assert sale.house.coins(sale.agents[0]) == 10_000 + 23_400
    assert sale.house.coins(sale.agents[1]) == 66_600


def test_the_seed_is_split_over_the_venues_there_are() -> None:
    sale = Sale(seed_venues={"amm": 3.0, "curve": 1.0, "weighted": 2.0})
    seeds: dict[str, tuple[Any, ...]] = {}
    for key in ("amm", "curve"):
        venue = SimpleNamespace(seed=lambda *given, key=key: seeds.update({key: given}))
        setattr(sale.offers, key, venue)
    sale.buy(1, 1_000)
    sale.nights(1)
    assert seeds == {
        "amm": (0, sale.agents[0], 562_500_000, 112_500_000, 30.0),
        "curve": (0, sale.agents[0], 187_500_000, 37_500_000, 30.0),
    }


@pytest.fixture(scope="module")
def market() -> Any:
    more = {"nfts": {}, "offerings__initial": 1, "offerings__opening": ROWS, "offerings__forms": {"art": "dutch"}}
    with Marketplace("smoke", clock__ticks=60, **more) as found:
        yield found


def test_the_first_morning(market: Any) -> None:
    vaults, offers, nfts = (market.mechanisms[key] for key in ("vaults", "offerings", "nfts"))
    kinds = (NftKind.RIG, NftKind.ART, NftKind.ART, NftKind.HASHPOWER_CONTRACT, NftKind.CLUB)
    assert vaults.kind[: vaults.n].tolist() == list(kinds)
    assert nfts.owner[: nfts.n].tolist() == vaults.account[1:3].tolist()
    assert offers.now == [4]
    assert (market.mechanisms["amm"].pool[:5] >= 0).tolist() == [True] * 4 + [False]
    assert offers.view().promised_th[4] == pytest.approx(100 / 10_000)
    assert offers.view().supplies.tolist() == [10_000] * len(NftKind)
    rigs = market.mechanisms["rigs"]
    assert offers.price_usd[4] == pytest.approx(1.25 * rigs.per_th * 100 / 10_000, abs=1e-6)


def test_an_nft_is_sold_and_a_club_orders(market: Any) -> None:
    vaults, offers, nfts, rigs = (market.mechanisms[key] for key in ("vaults", "offerings", "nfts", "rigs"))
    artist, buyers = int(market.populations["miner"].account[0]), market.populations["retail_investor"].account
    nft = nfts.mint(artist, NftKind.ART, 3_000.0)
    rows = [Fractionalise(who, nft=n, price=USD // 5, keep_bps=0) for who, n in ((artist, nft), (artist, 99), (0, nft))]
    for row in rows:
        market.submit(row)
    everything = int(vaults.supply[4])
    market.submit(Subscribe(buyers, vault=4, fractions=everything // 20, limit=USD))
    market.step()
    assert [int(row.rows["status"][0]) for row in rows] == [Status.DONE, Status.UNKNOWN, Status.FUNDS]
    sold = vaults.n - 1
    assert nfts.owner[nft] == vaults.account[sold]
    assert offers.form_at(sold).name == "dutch"
    club = int(vaults.account[4])
    assert 100_000 <= rigs.on_order(club) <= 125_000
    assert vaults.live[4] and vaults.ghs[4] == 0
    for _ in range(30):
        market.step()
        market.check()
    assert vaults.supply[sold] in (0, 10_000 * TOKEN)


def test_rows_of_the_first_morning_have_terms_of_their_own_and_pay_the_platform() -> None:
    rows = [{"count": 2}, {"th": 40.0}, {"issue_multiple": 2.5}, {"keep_bps": 5_000}]
    rows.append({"kind": "hashpower_contract", "term_days": 30.0})
    given = {"initial": 0, "seed_bps": 0, "initial_breadth": 1.0, "opening": rows}
    with Marketplace("smoke", **{f"offerings__{key}": value for key, value in given.items()}) as market:
        vaults, rigs, offers = (market.mechanisms[key] for key in ("vaults", "rigs", "offerings"))
        p, supply = offers.params, vaults.supply[0] / TOKEN
        th = np.array([p.th, p.th, 40.0, p.th, p.th, p.th])
        assert vaults.ghs[: vaults.n] == pytest.approx(1_000 * th)
        multiple = p.issue_multiple * np.array([1.0, 1.0, 1.0, 2.5 / p.issue_multiple, 1.0, 1.0])
        multiple[-1] *= 30.0 / (rigs.rules.payback_limit * DAYS_PER_MONTH)
        price = market.ledger.value[vaults.fraction[: vaults.n]] * TOKEN
        assert price == pytest.approx(multiple * rigs.price * th / supply, rel=1e-4)
        creators = (
            market.ledger.books.balances[vaults.fraction[: vaults.n], vaults.creator[: vaults.n]] / vaults.supply[0]
        )
        assert (creators[:4] < 0.5).all() and creators[4] >= 0.5
        raised = sum(amount for _, kind, _, _, amount, _ in market.journal.events if kind == "vault")
        platform = market.ledger.balance(0, market.platform) / USD
        assert platform == pytest.approx(raised * p.fee_bps / 10_000) and raised > 0.0


def test_buyers_of_the_first_morning_spend_as_much_of_their_cash_as_is_said() -> None:
    """A fiftieth over two of four vaults on average: a hundredth, in whole lots, for each that somebody holds."""
    given = {"initial": 4, "initial_spending": 0.02, "initial_breadth": 0.5, "seed_bps": 0}
    with Marketplace("smoke", **{f"offerings__{key}": value for key, value in given.items()}) as market:
        offers, vaults = (market.mechanisms[key] for key in ("offerings", "vaults"))
        balances, population = market.ledger.books.balances, market.populations["retail_investor"]
        who, fraction = population.account[: len(population)], vaults.fraction[: vaults.n]
        price = round(market.ledger.value[fraction[0]] * TOKEN * USD)
        lot, held = offers.form_for(NftKind.RIG).lot(price), balances[fraction][:, who]
        cash = balances[USD_ASSET, who] + held.sum(axis=0) * price // TOKEN
        due = cash // 100 * TOKEN // price // lot * lot
        assert (held == np.where(held > 0, due, 0)).all()
        assert 0.4 < (held > 0).mean() < 0.6


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"form": "duch"}, ["offerings.form = 'duch'", "did you mean 'dutch'"]),
        ({"form": "club"}, ["offerings.form = 'club'", "write one of bonding_curve, dutch"]),
        ({"forms": {"arts": "dutch"}}, ["forms", "did you mean 'art'"]),
        ({"seed_venues": {"am": 1.0}}, ["seed_venues", "amm, curve, weighted"]),
        ({"form": "dutch", "days": 7}, ["offerings", "days = 7", "dutch_days = 7"]),
        ({"forms": {"art": "dutch"}, "dutch_days": 20}, ["offerings", "days = 14", "dutch_days = 20"]),
        ({"opening": [{"kind": "basket"}]}, ["opening", "write one of rig"]),
        ({"opening": [{"kind": "hashpower_contract"}]}, ["opening", "needs term_days"]),
    ],
)
def test_what_cannot_be_offered(table: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ScenarioError) as error:
        Scenario.from_tables({"rigs": {}, "offerings": table}, "mine")
    assert all(word in str(error.value) for word in words), error.value


def test_nfts_need_their_registry() -> None:
    with pytest.raises(ScenarioError, match=r"add the table \[nfts\]"):
        Marketplace("smoke", offerings__opening=[{"kind": "art"}])
