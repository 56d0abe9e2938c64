"""A sum is streamed to the stakers over a period, second by second; a new sum takes up what is left [Synthetix 2019]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import DAY, reward_per_second
from model.mechanisms.farms.table import FINISH, RATE

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
        now, length = farms.now, farms.seconds
        duration = int(row.params.duration_days * DAY)
        if now >= row.state[FINISH]:
            reward = farms.scheduled(row.params.emission, duration / DAY)
            cls.notify(farms, row, reward)
        rate = int(row.state[RATE])
        running = max(0, min(now + length, int(row.state[FINISH])) - now)
        for f in row.open:
            farms.table.per_day[f] = rate * DAY / len(row.open) if running else 0.0
            if farms.staked(f) > 0:
                farms.hand_on(row, f, rate * running // len(row.open))

    @classmethod
    def notify(cls, farms: "Farms", row: "Row", reward: int) -> None:
        """Begin a period with a reward and what the running one has left [base units]."""
        duration = int(row.params.duration_days * DAY)
        leftover = max(0, int(row.state[FINISH]) - farms.now) * int(row.state[RATE])
        farms.fund(row, reward)
        row.state[RATE] = reward_per_second(reward, duration, leftover)
        row.state[FINISH] = farms.now + duration
