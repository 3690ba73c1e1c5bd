"""Columns of lists: each says what it shows, how it is sorted and what an export writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from unfold.decorators import display

from crm.office.card import cell
from crm.office.language import own_said
from crm.office.links import link
from crm.office.tones import UNFOLD_LABELS
from crm.production.models.choices import ProductLine

M = TypeVar("M", bound=Callable[..., Any])
Show = Callable[[Any, Any], Any]
Title = str | Promise
LINKED = '<a class="office-link" href="{}">{}</a>'


def column(
    *,
    description: Title,
    ordering: str | None = None,
    label: Mapping[str, str] | None = None,
    header: bool = False,
    boolean: bool | None = None,
) -> Callable[[M], M]:
    """Make a method a column of a list. `label` colours the first of the two texts that the method
    returns, `header` shows the second one below the first."""
    decorate = display(
        description=description, ordering=ordering, label=label, header=header, boolean=boolean
    )
    return cast(Callable[[M], M], decorate)


def kg(field: str, title: Title) -> Show:
    """A column of kilograms with three digits; name its attribute `kg_…` and it stands to the
    right."""
    show = _column(field, title, field, lambda value: cell(value, decimals=3).text)
    show.excel = "0.000"  # type: ignore[attr-defined]
    return show


def plain(
    field: str, title: Title, ordering: str | None = None, *, decimals: int | None = None
) -> Show:
    """A column of any value, numbers with so many digits; `field` may lead over records:
    `order.recipe`."""
    order = ordering or _path(field)
    return _column(field, title, order, lambda value: cell(value, decimals=decimals).text)


def own(field: str, title: Title) -> Show:
    """A column of what people type, or the program writes where nobody did: its own words are said
    in the language of the page."""
    return _column(field, title, _path(field), lambda value: cell(own_said(value)).text)


def linked(field: str, title: Title, ordering: str | None = None) -> Show:
    """A column of a related record that leads to its card."""
    return _column(field, title, ordering or _path(field), _anchor)


def linked_all(field: str, model: type[Model], title: Title) -> Show:
    """A column of related records, read `beside` as keys with names, each leading to its card."""

    def show(_page: Any, record: Any) -> Any:
        found = [(link(model(pk=key)), name) for key, name in getattr(record, field)]
        if not found:
            return cell(None).text
        return format_html("<span>{}</span>", format_html_join(", ", LINKED, found))

    def written(record: Any) -> str:
        return ", ".join(name for _key, name in getattr(record, field))

    show.written = written  # type: ignore[attr-defined]
    return column(description=title)(show)


def state(title: Title, field: str = "state") -> Show:
    """A column of a state in its colour."""

    def show(_page: Any, record: Any) -> tuple[str, str]:
        return getattr(record, field), displayed(record, field)

    show.written = partial(displayed, field=field)  # type: ignore[attr-defined]
    return column(description=title, ordering=field, label=UNFOLD_LABELS)(show)


def displayed(record: Any, field: str) -> Any:
    """Return what a value of choices is called. Django hashes and translates every choice for each
    value, which is half of what a long export takes."""
    value = getattr(record, field)
    called = _called(record._meta.label, field, get_language())
    return called.get(value, value)


@lru_cache(maxsize=500)
def _called(model: str, field: str, _language: str | None) -> dict[Any, str]:
    choices: Any = apps.get_model(model)._meta.get_field(field)
    return {value: str(title) for value, title in choices.flatchoices}


def numbered(record: Any) -> str:
    """Return the number of a blank or an order; pet food is told (domain 11.2)."""
    pet_food = record.product_line == ProductLine.MKO
    return gettext("{number} пет-фуд").format(number=record) if pet_food else str(record)


def title_of(page: Any, name: str) -> str:
    """Return the title of a column of a page."""
    title = str(label_for_field(name, page.model, page)).replace("\N{SOFT HYPHEN}", "")
    return title[:1].upper() + title[1:]


def reader(page: Any, name: str) -> Callable[[Any], Any]:
    """Return what takes of a record that which an export writes of a column: numbers and moments
    as they are, else the text. Found once a column: an export has a million cells."""
    method = getattr(page, name, None)
    written = getattr(method, "written", None)
    if written is not None:  # what the page shows as a coloured word
        return lambda record: written(record) or None
    raw = getattr(method, "raw", None)
    if raw is not None:
        return lambda record: _exported(_follow(record, raw))
    if method is None:
        take = _field(page, name)
        return lambda record: _exported(take(record))
    at = 1 if getattr(method, "label", None) else 0

    def said(record: Any) -> Any:
        shown = method(record)
        return _exported(shown[at] if isinstance(shown, tuple) else shown)

    return said


def _field(page: Any, name: str) -> Callable[[Any], Any]:
    """Return what takes a field or property of a record; of a field of choices, what it means."""
    try:
        chosen = page.model._meta.get_field(name).choices
    except FieldDoesNotExist:
        return lambda record: lookup_field(name, record, page)[2]
    if not chosen:
        return attrgetter(name)
    called = _called(page.model._meta.label, name, get_language())
    return lambda record: called.get(getattr(record, name), getattr(record, name))


def _exported(value: Any) -> Any:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, Model):
        return str(value)
    if hasattr(value, "astimezone"):
        return timezone.localtime(value)
    return None if value in ("", "—") else value


def _column(field: str, title: Title, ordering: str, written: Callable[[Any], Any]) -> Show:
    def show(_page: Any, record: Any) -> Any:
        return written(_follow(record, field))

    show.raw = field  # type: ignore[attr-defined]
    return column(description=title, ordering=ordering)(show)


def _anchor(record: Any) -> Any:
    if record is None:
        return cell(None).text
    address = link(record)
    return format_html(LINKED, address, record)


def _follow(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = None if record is None else getattr(record, name)
    return record


def _path(field: str) -> str:
    return field.replace(".", "__")
