"""The verbs of the command line, one file each, found by scanning: a function named like its file.

Its signature is the verb's arguments and options, the first line of its docstring the help. `PLACE` orders the list that
`run.py --help` prints; `CUT` says what an interrupt leaves.
"""
