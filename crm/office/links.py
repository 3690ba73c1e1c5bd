"""Addresses of the office's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import models
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_MANY = 500  # kinds of pages whose addresses are kept
_HERE = "0"  # a key that any page takes
CARDS = {"people.person": "card"}  # whose form is a page of its own, not what a link leads to


def link(record: models.Model, page: str = "") -> str:
    """Return the address of a record's page, its card unless another is named; empty for a kind
    that has none."""
    before, after = _around(type(record), page, get_script_prefix(), get_urlconf())
    return f"{before}{record.pk}{after}" if before else ""


def many_links() -> Callable[[models.Model], str]:
    """Return what says of record after record what `link` does: of thousands on a page, looking
    each time under which prefix the site stands takes more than all else."""
    prefix, urlconf = get_script_prefix(), get_urlconf()
    known: dict[type[models.Model], tuple[str, str]] = {}

    def one(record: models.Model) -> str:
        kind = type(record)
        if kind not in known:
            known[kind] = _around(kind, "", prefix, urlconf)
        before, after = known[kind]
        return f"{before}{record.pk}{after}" if before else ""

    return one


@lru_cache(_MANY)
def _around(
    kind: type[models.Model], page: str, _prefix: str, _urlconf: str | None
) -> tuple[str, str]:
    """Return what stands before and after a record's key in the address of a page: Django takes
    0.1 ms to put one together, and a list has hundreds. Keys of rows are numbers or UUIDs."""
    opts = kind._meta
    shown = page or CARDS.get(opts.label_lower, "change")
    name = f"admin:{opts.app_label}_{opts.model_name}_{shown}"
    try:
        before, _, after = reverse(name, args=[_HERE]).rpartition(_HERE)
    except NoReverseMatch:
        return "", ""
    return before, after


def page_link(name: str) -> str:
    """Return the address of a page that is of no record."""
    return _page(name, get_script_prefix(), get_urlconf())


@lru_cache(_MANY)
def _page(name: str, _prefix: str, _urlconf: str | None) -> str:
    """Keep the address: the sidebar alone has a hundred of them on every page."""
    return reverse(name)


def command_link(record: models.Model, command: str) -> str:
    """Return the address to which a command of a record is POSTed."""
    return link(record, command)


def list_link(model: type[models.Model], query: str = "") -> str:
    """Return the address of a kind's list, perhaps filtered."""
    opts = model._meta
    address = page_link(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{address}?{query}" if query else address
