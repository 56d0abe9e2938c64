"""Frontiers: the parameters that cannot be bettered in one objective without loss in another.

`file` reads the question, `rules` make one number of many replicates, `search` asks and tells, `frontier` says who is
not dominated and how surely, `study` joins them to the driver of sweeps and runs winners afresh, `report` and `picture`
show it.
"""
