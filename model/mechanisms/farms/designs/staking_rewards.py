"""A sum is streamed to the stakers over a period, second by second; a new sum takes up what is left [Synthetix 2019]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import DAY, reward_per_second
from model.mechanisms.farms.table import EMITTED, FINISH, RATE

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row


class StakingRewards(Design):
    """Each farm of the row gets an equal part; what is streamed while nobody stakes stays in the contract for ever."""

    name = "staking_rewards"

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Rate = (reward + leftover) // duration at the start of a period, then rate times seconds.

        The first period begins on the schedule's first day, and the last one ends with the schedule.
        """
        emission = row.params.emission
        if emission.rate == 0.0:  # what others hand on is all there is
            return
        first = round(emission.start_day * DAY)
        last = first + round(emission.days * DAY) if emission.days > 0.0 else None
        now, streamed = max(farms.now, first), 0
        end = farms.now + farms.seconds
        while now < end:
            if now >= row.state[FINISH]:
                length = cls.period(row, now, last)
                if length <= 0:
                    row.state[RATE] = 0
                    break
                reward = farms.scheduled(emission, int(row.state[EMITTED]), now / DAY, length / DAY)
                cls.notify(farms, row, reward, now, length)
            until = min(end, int(row.state[FINISH]))
            streamed += int(row.state[RATE]) * (until - now)
            now = until
        for f in row.open:
            farms.table.per_day[f] = int(row.state[RATE]) * DAY / len(row.open)
            if farms.staked(f) > 0:
                farms.hand_on(row, f, streamed // len(row.open))

    @classmethod
    def period(cls, row: "Row", now: int, last: int | None) -> int:
        """Length of a period that begins now, cut at the end of the schedule, if it has one; all in seconds of the run."""
        duration = int(row.params.duration_days * DAY)
        return duration if last is None else min(duration, last - now)

    @classmethod
    def notify(cls, farms: "Farms", row: "Row", reward: int, now: int, duration: int) -> None:
        """Begin a period with a reward and what the running one has left [base units]; `now` in seconds of the run."""
        leftover = max(0, int(row.state[FINISH]) - now) * int(row.state[RATE])
        farms.fund(row, reward)
        row.state[RATE] = reward_per_second(reward, duration, leftover)
        row.state[FINISH] = now + duration
