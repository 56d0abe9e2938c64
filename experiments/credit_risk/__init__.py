"""How often do debts go bad, and what makes it more likely? Many seeds of one market, and a grid of two causes.

`judge`: is the credit of the scenario real, and how probable is bad debt above 1 % of debt? `grid`: bad debt by volatility
of the coin and by debt over what the pools of fractions could pay, under the same seeds in every cell.

python -m experiments.credit_risk --seeds 200 --grid-seeds 30 --out docs/pictures
"""

from experiments.credit_risk.bars import Bars, exact_upper, judge
from experiments.credit_risk.grid import Edge, edges
from experiments.credit_risk.runs import Credit, Task, credit

__all__ = ["Bars", "Credit", "Edge", "Task", "credit", "edges", "exact_upper", "judge"]
