"""The site of the office."""

from __future__ import annotations

from unfold.sites import UnfoldAdminSite


class OfficeSite(UnfoldAdminSite):
    """The office's admin site."""
