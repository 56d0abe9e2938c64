"""Answers to the scenarios, one file each under the name of its scenario."""
