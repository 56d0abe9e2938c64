"""Kinds of designs, one file each."""
