"""Holds that were placed in one go: a lot with everything that was made of it (domain 4.42)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from crm.quality.models import Hold

ONE_GO = ("kind", "case", "reason", "placed_by", "placed_at")


def placed_with(hold: Hold) -> QuerySet[Hold]:
    """Return the holds that were placed together with a hold, itself among them."""
    return Hold.objects.filter(**{name: getattr(hold, name) for name in ONE_GO})


def open_with(hold: Hold) -> QuerySet[Hold]:
    """Return those that are open, the oldest lot first."""
    rows = placed_with(hold).filter(released_at__isnull=True)
    return rows.select_related("lot", "placed_by", "asked_by").order_by("lot__born", "pk")


def open_groups() -> Iterator[Hold]:
    """Give the open holds, the newest first: of those that were placed together the one of the
    oldest lot, the others are behind it."""
    rows = Hold.objects.filter(released_at__isnull=True)
    seen = set()
    ordered = rows.select_related("lot", "placed_by", "asked_by")
    for hold in ordered.order_by("-placed_at", "lot__born", "pk"):
        group = tuple(getattr(hold, name) for name in ONE_GO)
        if group not in seen:
            seen.add(group)
            yield hold
