"""Which parameters matter: effects, shares of variance or regression on a finished design, each with its interval.

`effects` for designs of Morris, `indices` for Saltelli's, `regression` for all others; `uncertainty` gives intervals,
`ranking` says what can be told apart, `analysis` reads a finished study, `report` and `picture` show it.
"""
