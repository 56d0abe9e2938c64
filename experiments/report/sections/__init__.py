"""Sections of a report, one file each: a function from what was read to HTML."""
