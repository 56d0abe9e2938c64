"""Buy-outs: how many and how they end, what escrow and holders' claims hold, votes, and what holders lost."""

from experiments.figures.panels import Lines

PLACE = 26
PANELS = (
    Lines(
        "Buy-outs so far",
        (("buyouts.opened", "opened"), ("buyouts.succeeded", "won"), ("buyouts.blocked", "blocked"), ("buyouts.failed", "failed")),
    ),
    Lines("Buy-outs: escrow and claims", (("buyouts.escrow", "in escrow"), ("buyouts.unclaimed", "not yet claimed"))),
    Lines("Buy-outs: votes and locked", (("buyouts.voted", "voted"), ("buyouts.locked_share", "locked"))),
    Lines("Buy-outs: holders' loss", (("buyouts.lost_to_raiders", "appraisal less cash"),)),
)  # fmt: skip
