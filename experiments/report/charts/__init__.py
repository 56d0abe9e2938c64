"""Charts of a report, one kind a file: a function from data to a figure of matplotlib."""
