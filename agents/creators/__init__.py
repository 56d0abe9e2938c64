"""Creators: artists, game studios, owners of virtual land, of sites and of nodes."""

from agents.creators.artist import Artist
from agents.creators.land_owner import LandOwner
from agents.creators.making import Creator
from agents.creators.site_owner import SiteOwner
from agents.creators.studio import Studio

__all__ = ["Artist", "Creator", "LandOwner", "SiteOwner", "Studio"]
