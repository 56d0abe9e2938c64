"""Club founders: pledges for new rigs, where fractions cost more than the rigs behind them."""

from typing import Any

from benchmarks.peers.plain_mesa.miners import Holder
from benchmarks.peers.plain_mesa.offerings import found_club
from benchmarks.peers.plain_mesa.vaults import OFFERED


class ClubFounder(Holder):
    """Founds a club when fractions are dear, pledges, opens the pool of its fractions, and sells his own."""

    kind = "arbitrageur"
    looked = -1.0

    def step(self) -> None:
        """The next step with each own club, and a new club if none is on offer or waits for its rigs."""
        model, free = self.model, True
        for club in [club for club in model.clubs if club.creator is self]:
            if club.status == OFFERED:
                free = False
                part = int(min(self.pledge * self.cash / club.offer, club.left))
                if part > 0:
                    club.subscribe(self, float(part))
            else:
                free = free and club.th > 0.0
                self.make_market(club)
        if not (free and model.room):
            return
        per_th, th = model.rig_market.all_in * (1.0 + self.reserve), model.least_th
        if model.price_per_th > per_th * (1.0 + self.advantage) and model.charge(self):
            found_club(model, self, th, th * per_th / model.supply)

    def make_market(self, club: Any) -> None:
        """Open the pool of own fractions at what others fetch, and sell into it day by day."""
        held = self.held.get(club, 0.0)
        if held < 1.0:
            return
        if club.shares <= 0.0:
            price = self.model.price_per_th * (club.th + club.coming) / club.supply
            usd = min(0.5 * held * price, 0.5 * self.cash)
            if price > 0.0 and usd >= 1.0:
                club.open_pool(self, usd, usd / price)
            return
        sold = min(held, self.daily_sale * club.depth)
        if sold > 0.0:
            worst = (1.0 - self.daily_sale) * (1.0 - self.slippage)
            club.sell(self, sold, club.price * sold * (1.0 - self.model.fee) * worst)
