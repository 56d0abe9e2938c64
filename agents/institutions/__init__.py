"""Institutions: large, slow, bound by mandate and limits."""

from agents.institutions.mandate import Institution, Mandated

__all__ = ["Institution", "Mandated"]
