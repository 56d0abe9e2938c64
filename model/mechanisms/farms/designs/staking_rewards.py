"""A sum is streamed to the stakers over a period, second by second; a new sum takes up what is left [Synthetix 2019]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import DAY, reward_per_second
from model.mechanisms.farms.table import EMITTED, FINISH, RATE

if TYPE_CHECKING:
    from model.mechanisms.farms.rules import Farms
    from model.mechanisms.farms.table import Row


class StakingRewards(Design):
    """Each farm of the row gets an equal part; what is streamed while nobody stakes stays in the contract for ever."""

    name = "staking_rewards"

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Rate = (reward + leftover) // duration at the start of a period, then rate times seconds."""
        if row.params.emission.rate == 0.0:  # what others hand on is all there is
            return
        now, streamed = farms.now, 0
        end, days = now + farms.seconds, int(row.params.duration_days * DAY) / DAY
        while now < end:
            if now >= row.state[FINISH]:
                cls.notify(
                    farms, row, farms.scheduled(row.params.emission, int(row.state[EMITTED]), now / DAY, days), now
                )
            until = min(end, int(row.state[FINISH]))
            streamed += int(row.state[RATE]) * (until - now)
            now = until
        for f in row.open:
            farms.table.per_day[f] = int(row.state[RATE]) * DAY / len(row.open)
            if farms.staked(f) > 0:
                farms.hand_on(row, f, streamed // len(row.open))

    @classmethod
    def notify(cls, farms: "Farms", row: "Row", reward: int, now: int) -> None:
        """Begin a period with a reward and what the running one has left [base units]; `now` in seconds of the run."""
        duration = int(row.params.duration_days * DAY)
        leftover = max(0, int(row.state[FINISH]) - now) * int(row.state[RATE])
        farms.fund(row, reward)
        row.state[RATE] = reward_per_second(reward, duration, leftover)
        row.state[FINISH] = now + duration
