"""One study of credit against fractions, written three times: for this marketplace, for radCAD and for Mesa.

A coin moves; a pool sells fractions, each a claim on a thousandth of a coin; one arbitrageur keeps the pool's price at
what fractions are worth; borrowers pledge fractions and hold a debt at a health factor of their own liking, which they
see to about once a week; a liquidator repays unsound debts for a bonus and sells what he seizes on the next day. The
rules and their formulas are in `rules`, the parameters in `study.toml`, one run's draws in `draws`.

All three are given the same draws (prices, traits, who looks when), made before the clock starts, and end within
rounding of one another: ours counts in whole millionths and settles the day's two swaps in random order, the peers
use floats and a fixed order. All record the eleven numbers of `rules.METRICS`, the last of which is three here. The
peers are favoured: they draw nothing, keep no ledger of double entry, no flows and no events, and check no laws.
"""
