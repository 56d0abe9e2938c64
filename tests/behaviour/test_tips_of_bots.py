"""Bots bid part of their gain for an early place where fees order the day, and only there."""

from model import Marketplace, Scenario
from model.actions import Status
from model.mechanisms.amm import Swap


def played(ordering: str, tip_share: float = 0.3) -> tuple[float, int, str]:
    """USD of tips, swaps done by bots, and what the ledger holds after some days."""
    changes = {"clock.ticks": 25, "fees.ordering": ordering, "agents.arbitrageur.tip_share": tip_share}
    with Marketplace(Scenario.load("smoke").override({**changes, "agents.arbitrageur.haste": 0.5}), rng=2) as m:
        done = 0
        for _ in range(25):
            m.step()
            for strategy in m.populations["arbitrageur"].strategies:
                rows = strategy.receipts[Swap]
                done += int((rows["status"] == Status.DONE).sum())
                assert (rows["filled"][rows["status"] != Status.DONE] == 0).all()
        m.check()
        return m.mechanisms["fees"].tipped / 1e6, done, m.ledger.books.balances.tobytes().hex()


def test_bots_tip_where_tips_count() -> None:
    tips, done, _ = played("fee_priority")
    assert done > 0
    assert tips > 0.0


def test_by_lot_the_share_they_would_bid_changes_nothing() -> None:
    tips, _, holdings = played("random")
    assert tips == 0.0
    assert played("random", tip_share=0.9)[2] == holdings
