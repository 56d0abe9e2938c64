"""How farms come to be: accounts and assets of the token, the rows of the scenario, and a farm for each vault in time."""

from typing import Any

import numpy as np

from model.errors import ScenarioError
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.farms import designs
from model.mechanisms.farms.params import PER_VAULT, STAKABLE, FarmsParams
from model.mechanisms.farms.table import NONE, PAYS, Row, Table, empty_table, farms_of, passing_of_farms, slots_of
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL, TokenPools, whole
from model.units import USD

VENUE_OF = {"amm": "amm", "weighted": "weighted", "curve": "curve", "curve_fractions": "curve"}
SIDE_OF = {"curve_fractions": 1}
TREASURY, NOBODY = "treasury of the farms", "token pool shares locked for ever"


class Opening(Mechanism):
    """The token, its pools, and the table of farms.

    Attributes:
        rows: of the scenario
        table: columns by farm; a row with farms by vault has one place for every vault
        names: of the rows; kinds, pays: what is staked and what is paid, places in `STAKABLE` and `PAYS` by farm
        issuer, treasury, nobody: accounts: makes tokens, holds the first shares of the pools, holds the locked ones
        token, points, peg: assets; the last is -1 where there is none
        points_pot: account that owes points
        pools: where the tokens trade
        passing: stakes as parked assets, see `model.pass_through`
    """

    Params = FarmsParams
    params: FarmsParams
    vaults: Any
    lending: Any

    @classmethod
    def room(cls, params: FarmsParams) -> tuple[int, int, int]:
        """Claims with three lines, and two accounts, per farm; two tokens, their shares and points; accounts of their own."""
        farms = sum(farms_of(row, params.capacity) for row in params.farm)
        named = sum(len(row.split_to) for row in params.farm)
        editions = 2 * len(params.shop)
        return farms + 5, 3 * farms, 2 * farms + len(params.farm) + named + editions + 12

    def __init__(self, market: Any, params: FarmsParams) -> None:
        super().__init__(market, params)
        ledger, name = self.ledger, params.token.name
        self._check_needs()
        accounts = (f"issuer of the {name}", TREASURY, NOBODY, "issuer of points", "points not yet claimed")
        self.issuer, self.treasury, self.nobody, self.points_issuer, self.points_pot = (
            ledger.open_account("platform", text) for text in accounts
        )
        self.named = {"": self.treasury, "treasury": self.treasury}
        self.token = ledger.add_asset(name, Group.REWARD, (self.issuer,))
        self.points = ledger.add_asset("points", Group.OTHER, (self.points_issuer,))
        self.pools = TokenPools(ledger, params.token.fee_bps)
        self.peg = NONE
        self.rows: list[Row] = []
        first = 0
        for row in params.farm:
            size = self.vaults.status.size if row.stake in PER_VAULT else 1
            pot = ledger.open_account("platform", f"emission of farm '{row.name}'")
            self.rows.append(Row(row, designs.catalogue()[row.design], first, first + size, pot))
            first += size
        self.table: Table = empty_table(first)
        for k, made in enumerate(self.rows):
            self.table.row[made.first : made.end] = k
        self.names = tuple(row.params.name for row in self.rows)
        kinds = np.array([STAKABLE.index(row.params.stake) for row in self.rows], np.int64)
        pays = np.array([PAYS.index(row.design.pays) for row in self.rows], np.int64)
        self.kinds, self.pays = kinds[self.table.row], pays[self.table.row]
        self.slots, self.passing = slots_of(self.table), passing_of_farms(self.table)
        self.lived = b""  # vaults in circulation when farms were opened last

    def _check_needs(self) -> None:
        """Refuse farms of what the scenario does not have."""
        wrong = []
        for row in self.params.farm:
            kinds = {"deposit": "lending", **VENUE_OF, "fraction": "vaults"}
            needs = (*designs.catalogue()[row.design].needs, *filter(None, (kinds.get(row.stake),)))
            wrong += [
                f"farms.farm '{row.name}': stake = '{row.stake}' with design = '{row.design}' needs [{key}]; add that "
                "table to the scenario, or choose another stake"
                for key in needs
                if getattr(self, key) is None
            ]
            if row.emission.clocked_by == "blocks" and self.network is None:
                wrong.append(f"farms.farm '{row.name}': emission.clocked_by = 'blocks' needs [network]")
        if self.vaults is not None and self.params.capacity < self.vaults.status.size:
            wrong.append(
                f"farms.capacity = {self.params.capacity}: there may be {self.vaults.status.size} vaults; set it to "
                "vaults.capacity or more"
            )
        if wrong:
            raise ScenarioError("\n".join(wrong))

    def start_token(self) -> None:
        """Make the tokens of the pool, and those of the peg's, with dollars from outside."""
        p, ledger = self.params, self.ledger
        tokens, usd = whole(p.token.pool_tokens), round(p.token.pool_usd * USD)
        ledger.pay(USD_ASSET, ledger.world, self.treasury, usd, Flow.ENDOWMENT)
        ledger.pay(self.token, self.issuer, self.treasury, tokens, Flow.ENDOWMENT)
        self.pools.open(TOKEN_POOL, self.token, self.treasury, self.nobody, tokens, usd, p.token.name)
        if p.peg is not None:
            amount = whole(p.peg.supply)
            self.backing = ledger.open_account("platform", "dollars behind the peg")
            self.peg_issuer = ledger.open_account("platform", "issuer of the peg")
            self.peg = ledger.add_asset("peg", Group.REWARD, (self.peg_issuer,))
            behind = round(amount * p.peg.ratio)
            ledger.pay(USD_ASSET, ledger.world, self.backing, behind, Flow.ENDOWMENT)
            ledger.pay(USD_ASSET, ledger.world, self.treasury, amount, Flow.ENDOWMENT)
            ledger.pay(self.peg, self.peg_issuer, self.treasury, amount, Flow.ENDOWMENT)
            self.pools.open(PEG_POOL, self.peg, self.treasury, self.nobody, amount, amount, "peg")

    def account_of(self, name: str) -> int:
        """Account of a name that shares in what is minted; opened on first use."""
        if name not in self.named:
            self.named[name] = self.ledger.open_account("platform", name)
        return self.named[name]

    # -- farms

    def asset_of(self, stake: str, v: int) -> int:
        """What a farm of a kind takes, -1 while there is none."""
        t = self.pools.table
        if stake in VENUE_OF:
            return int(getattr(self, VENUE_OF[stake]).pools.share[SIDE_OF.get(stake, 0), v])
        single = {"token": self.token, "token_share": t.share[TOKEN_POOL], "peg_share": t.share[PEG_POOL]}
        if stake == "deposit":
            return int(self.lending.deposit_asset)
        return int(self.vaults.fraction[v]) if stake == "fraction" else int(single[stake])

    def open_farms(self) -> None:
        """Open the farms of vaults that have come into circulation; farms of vaults that ended take no more stakes."""
        live, t = self.vaults.live, self.table
        now = live.tobytes()
        same, self.lived = now == self.lived, now
        for row in self.rows:
            if not row.by_vault:
                if not row.open and self._ready(row, NONE):
                    row.open.append(row.first)
                    row.numbers = np.array(row.open, np.int64)
                    t.open[row.first] = 1
                continue
            if same and not any(self._ready(row, v) for v in row.waits):
                continue
            if row.params.vaults:
                there = [v for v in row.params.vaults if v < live.size and live[v]]
                row.waits = [v for v in there if not self._ready(row, v)]
                row.numbers = np.array([row.first + v for v in there if v not in row.waits], np.int64)
            else:
                account = t.account[row.first : row.first + live.size]
                row.waits = [v for v in np.flatnonzero(live & (account < 0)).tolist() if not self._ready(row, v)]
                row.numbers = np.flatnonzero(live & (account >= 0)) + row.first
            row.open[:] = row.numbers.tolist()
            t.open[row.first : row.end] = 0
            t.open[row.numbers] = 1

    def _ready(self, row: Row, v: int) -> bool:
        """Whether there is a farm, made if it can be."""
        f = row.first + max(v, 0)
        if self.table.account[f] >= 0:
            return True
        asset = self.asset_of(row.params.stake, v)
        if asset < 0:
            return False
        self._make(row, f, asset, v)
        return True

    def _make(self, row: Row, f: int, asset: int, v: int) -> None:
        t, ledger, title = self.table, self.ledger, f"farm '{row.params.name}'" + (f" of vault {v}" if v >= 0 else "")
        t.account[f] = account = ledger.open_account("platform", f"stakes of {title}")
        t.pot[f] = pot = ledger.open_account("platform", f"rewards of {title}")
        t.asset[f] = t.kept[f] = asset
        t.vault[f] = v
        if row.params.stake == "fraction" and self.vaults.params.eligibility != "all_holders":
            self.vaults.open_stakes(v)
            t.kept[f], t.via[f] = self.vaults.stake[v], self.vaults.stakes[v]
        t.share[f] = share = ledger.add_asset(f"stake in {title}", Group.STAKE, (account,))
        if row.by_vault:
            ledger.add_line(share, BTC_ASSET, account)
        if row.by_vault or row.design.pays == "dollars":
            ledger.add_line(share, USD_ASSET, account)
        if row.design.pays == "tokens":
            t.line[f] = ledger.add_line(share, self.token, pot)
        elif row.design.pays == "points":
            t.line[f] = ledger.add_line(share, self.points, self.points_pot)
        ledger.value[share] = ledger.value[asset]
        row.ever.append(f)

    def staked(self, f: int) -> int:
        """Base units staked at a farm."""
        return self.ledger.outstanding(int(self.table.share[f]))

    def staked_usd(self, f: int) -> float:
        """What is staked at a farm [USD]."""
        return self.staked(f) * float(self.ledger.value[self.table.share[f]])

    def state_of_rows(self) -> np.ndarray:
        """What lasts of all rows, int64[row, place]."""
        return np.array([row.state for row in self.rows], np.int64)
