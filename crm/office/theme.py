"""How the office looks: plain data for Unfold, read by the settings.

The sidebar and the plant's name above it are of the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def _style(_request: HttpRequest) -> str:
    return static("office/office.css")


def _script(_request: HttpRequest) -> str:
    return static("office/office.js")


def _icon(_request: HttpRequest) -> str:
    return static("office/icon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Офис завода"),
    "SITE_SUBHEADER": _("Учёт производства"),
    "SITE_SYMBOL": "factory",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "STYLES": [_style],
    "SCRIPTS": [_script],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _icon}],
    "COLORS": {
        "primary": {
            "50": "oklch(97.1% .014 182)",
            "100": "oklch(94.3% .04 182)",
            "200": "oklch(89% .08 182)",
            "300": "oklch(81% .11 182)",
            "400": "oklch(71% .12 184)",
            "500": "oklch(60% .105 186)",
            "600": "oklch(51% .09 188)",
            "700": "oklch(43.5% .075 190)",
            "800": "oklch(37% .06 192)",
            "900": "oklch(32% .05 194)",
            "950": "oklch(22% .04 196)",
        },
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": []},
}
