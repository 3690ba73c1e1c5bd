"""Addresses of the office's pages."""

from __future__ import annotations

from django.db import models
from django.urls import NoReverseMatch, reverse


def link(record: models.Model, page: str = "change") -> str:
    """Return the address of a record's page; empty for a kind that has none."""
    opts = record._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])
    except NoReverseMatch:
        return ""


def command_link(record: models.Model, command: str) -> str:
    """Return the address to which a command of a record is POSTed."""
    return link(record, command)


def list_link(model: type[models.Model], query: str = "") -> str:
    """Return the address of a kind's list, perhaps filtered."""
    opts = model._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{address}?{query}" if query else address
