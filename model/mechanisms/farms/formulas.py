"""Rules of farms as pure functions: integers of any size, `//` is floor, as in the contracts they are named after."""

import math

SCALE = 10**18  # fixed point of Synthetix and Unifty
CHEF_SCALE = 10**12  # of MasterChef's reward per share
DAY = 86_400  # seconds


def points_earned(stake: int, seconds: int, reward_rate: int = DAY) -> int:
    """Points for a stake over a time; other stakers do not matter.

    (seconds 1e18 // reward_rate) stake // 1e18                                          [Unifty, NftFarm.earned]

    Args:
        stake: what is staked [base units]
        seconds: for how long
        reward_rate: seconds in which a staked unit earns one point

    >>> points_earned(5, 86_400)
    5
    >>> points_earned(5 * 10**18, 100_000)
    5787037037037037035
    """
    return seconds * SCALE // reward_rate * stake // SCALE


def reward_per_second(reward: int, duration: int, leftover: int = 0) -> int:
    """Rate of a reward period that begins now: (reward + leftover) // duration     [Synthetix, notifyRewardAmount].

    Args:
        reward: new tokens [base units]
        duration: of the period [s]
        leftover: tokens of the running period not yet streamed, remaining seconds times its rate [base units]

    >>> reward_per_second(1_000 * 10**18, 7 * 86_400)
    1653439153439153
    """
    return (reward + leftover) // duration


def reward_per_token(before: int, seconds: int, rate: int, staked: int) -> int:
    """Reward of one staked unit so far, times 1e18: before + seconds rate 1e18 // staked   [Synthetix, rewardPerToken].

    >>> reward_per_token(0, 2, 10, 4)
    5000000000000000000
    """
    return before if staked == 0 else before + seconds * rate * SCALE // staked


def reward_earned(stake: int, per_token: int, paid: int) -> int:
    """Reward of a stake since it was last paid: stake (per_token - paid) // 1e18           [Synthetix, earned].

    >>> reward_earned(3, 5 * 10**18, 10**18)
    12
    """
    return stake * (per_token - paid) // SCALE


def chef_reward(blocks: int, per_block: int, weight: int, total: int) -> int:
    """What a pool of a chef gets for some blocks: blocks per_block weight // total         [SushiSwap, MasterChef].

    >>> chef_reward(10, 1_000, 1, 3)
    3333
    """
    return blocks * per_block * weight // total if total > 0 else 0


def chef_per_share(before: int, reward: int, staked: int) -> int:
    """Reward of one staked unit so far, times 1e12: before + reward 1e12 // staked         [SushiSwap, updatePool].

    >>> chef_per_share(0, 10_000, 10)
    1000000000000000
    """
    return before if staked == 0 else before + reward * CHEF_SCALE // staked


def chef_pending(stake: int, per_share: int, debt: int = 0) -> int:
    """Reward that waits for a stake: stake per_share // 1e12 - debt                        [SushiSwap, pendingSushi].

    Args:
        stake: [base units]
        per_share: reward of one staked unit so far, times 1e12
        debt: what that was worth when the stake was made or last harvested

    >>> chef_pending(10, 10**15)
    10000
    """
    return stake * per_share // CHEF_SCALE - debt


def minted_again(burned: int, share: float = 0.8) -> int:
    """Tokens that a week's burning lets mint: floor(share burned)                          [GoMining 2024: .8].

    >>> minted_again(1_000)
    800
    """
    return math.floor(burned * share)


def split_of(amount: int, shares: list[float]) -> list[int]:
    """Parts of an amount by shares that sum to one, floor; what rounding leaves goes to the first.

    >>> split_of(801, [0.65, 0.20, 0.10, 0.05])
    [521, 160, 80, 40]
    """
    parts = [math.floor(amount * share) for share in shares]
    return [parts[0] + amount - sum(parts), *parts[1:]]


def peg_parts(amount: int, ratio: float, token_price: float) -> tuple[int, int]:
    """Collateral and reward tokens that a partly collateralised dollar stands for, floor       [IRON Finance 2021].

    Args:
        amount: of the dollar token [base units]
        ratio: part covered by real dollars [1]
        token_price: time-weighted price of the reward token [USD]

    >>> peg_parts(1_000_000, 0.75, 0.5)
    (750000, 500000)
    """
    return math.floor(amount * ratio), math.floor(amount * (1.0 - ratio) / token_price)
