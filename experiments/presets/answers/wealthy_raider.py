"""A stake too dear to counter."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

SMALL = "a stake of a hundredth"


def look(market: "Marketplace") -> Numbers:
    """Whether holders kept it."""
    won = value(market, "buyouts.succeeded")
    return {
        "an NFT is lost": won > 0,
        "NFTs lost": won,
        "offers blocked": value(market, "buyouts.blocked"),
        "paid over appraisal": 1.0 - value(market, "buyouts.holders_loss"),
    }


def tell(found: "Found") -> str:
    """Whether being awake helps."""
    text = (
        f"He gets one in {found.chance('an NFT is lost')}, {found.mean('NFTs lost')} a run; with a stake of a hundredth, whose counter is cheap, in "
        f"{found.chance('an NFT is lost', SMALL)}"
    )
    if found.hits("an NFT is lost")[0] > 1:
        text += f". He pays {found.mean('paid over appraisal')} of the appraisal"
    return text + "."


ANSWER = Answer(
    look,
    tell,
    {"an NFT is lost": "%", "NFTs lost": "", "offers blocked": "", "paid over appraisal": "%"},
    against={SMALL: {"agents.raider.toehold": 0.01}},
)
