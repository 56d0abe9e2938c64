"""Fit parameters to figures of the world by simulated moments [McFadden1989; DuffieSingleton1993].

`file` reads what is asked, `moments` makes numbers of a run, `distance` weighs them, `search` looks for the place of
least distance, `inference` says how well that place is known, `study` joins them to the driver of sweeps, `report` and
`picture` show it.
"""
