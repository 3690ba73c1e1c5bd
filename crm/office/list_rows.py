"""The rows of a list as HTML, as the theme writes them. It asks for each row anew what all columns
are called and which page its link leads to, and makes a template of each coloured word: more than
half of what a page takes. Here that is found once a page. Start at `rows_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from unfold.templatetags.unfold_list import LINK_CLASSES, ROW_CLASSES
from unfold.utils import (
    display_for_field,
    display_for_header,
    display_for_label,
    display_for_value,
)

from crm.office.columns import displayed

Write = Callable[[Any], Any]
STRIPES = ("", " bg-base-50 dark:bg-white/[.02]")
BODY = "block relative lg:table-row-group"
ROW = (
    "data-row block border border-base-200 mb-3 relative rounded-default lg:table-row "
    "lg:border-none lg:mb-0 lg:rounded-none dark:border-base-800"
)
NOWRAP = (models.DateField, models.TimeField, models.ForeignKey)
_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands in a template of the theme for a text


def rows_of(changelist: Any, titles: Sequence[str]) -> SafeString:
    """Return the rows of a list whose columns are called so."""
    records = list(changelist.result_list)
    if not records:
        return SafeString("")
    after = _after_links(changelist, records[0])
    cells = [_cell(changelist, at, str(title), after) for at, title in enumerate(titles)]
    return SafeString(
        "".join(
            f'<tbody class="{BODY}{STRIPES[at % 2]}"><tr class="{ROW}">'
            f"{''.join([write(record) for write in cells])}</tr></tbody>"
            for at, record in enumerate(records)
        )
    )


def _after_links(changelist: Any, record: Any) -> str:
    """Return what follows the address of each record: the filter, to which its page leads back."""
    address = changelist.url_for_result(record)
    context = {"preserved_filters": changelist.preserved_filters, "opts": changelist.opts}
    whole: str = add_preserved_filters(context, address)
    return whole.removeprefix(address)


def _cell(changelist: Any, at: int, title: str, after: str) -> Write:
    """Return what writes a column of a record."""
    name = changelist.list_display[at]
    page, linked = changelist.model_admin, changelist.list_display_links or ()
    field = _field(page.model, name)
    value = _there(_of_page(page, name) if field is None else _of_field(page, field), page)
    nowrap = ["nowrap"] if isinstance(field, NOWRAP) else []
    classes = " ".join([f"field-{name}", *ROW_CLASSES, *nowrap])
    tag = "th" if name in linked and not {*changelist.list_display[:at]} & {*linked} else "td"
    begin = f'<{tag} class="{classes}" data-label="{conditional_escape(title)}">'
    end = f"</{tag}>"
    if name not in linked:
        return lambda record: f"{begin}{conditional_escape(value(record))}{end}"
    rest = f'{conditional_escape(after)}" class="{" ".join(LINK_CLASSES)}" >'

    def write(record: Any) -> str:
        address = conditional_escape(changelist.url_for_result(record))
        return f'{begin}<a href="{address}{rest}{conditional_escape(value(record))}</a>{end}'

    return write


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """Return the field that a column shows; None of one that a method shows."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return None if field.auto_created else field


def _there(value: Write, page: Any) -> Write:
    """Return what shows a record without the row that it leads to as empty."""
    empty = page.get_empty_value_display()

    def shown(record: Any) -> Any:
        try:
            return value(record)
        except ObjectDoesNotExist:
            return empty

    return shown


def _of_field(page: Any, field: models.Field[Any, Any]) -> Write:
    empty, name = page.get_empty_value_display(), field.name
    if isinstance(field.remote_field, models.ManyToOneRel):
        return lambda record: empty if (one := getattr(record, name)) is None else one
    if field.flatchoices:
        return lambda record: displayed(record, name) or empty
    if isinstance(field, models.BooleanField):
        return lambda record: _icon(getattr(record, name), get_language())
    return lambda record: display_for_field(getattr(record, name), field, empty)


def _of_page(page: Any, name: str) -> Write:
    empty, method = page.get_empty_value_display(), getattr(page, name, None)
    if name == "__str__":
        return str
    if method is None:  # a property of the record
        return lambda record: display_for_value(getattr(record, name), empty)
    label = getattr(method, "label", None)
    if label:
        return lambda record: _coloured(method(record), label)
    if getattr(method, "header", False):
        return lambda record: _headed(*method(record))
    if getattr(method, "boolean", False):
        return lambda record: _icon(method(record), get_language())
    return lambda record: display_for_value(method(record), empty)


def _coloured(value: tuple[str, Any], label: Mapping[str, str]) -> str:
    code, text = value
    return _label(str(text), label[code]) if code in label else _label(str(code), "")


@lru_cache(maxsize=1000)
def _label(text: str, kind: str) -> str:
    """Return a word in its colour. They are few and their template takes a tenth of a
    millisecond."""
    shown: str = display_for_label(text, "", {text: kind})
    return shown


@lru_cache(maxsize=9)
def _icon(value: bool | None, _language: str | None) -> str:
    shown: str = display_for_value(value, "", boolean=True)
    return shown


def _headed(above: Any, below: Any) -> SafeString:
    """Return a text with a smaller one under it."""
    texts = [one for one in (above, below) if one]
    parts = _around(bool(above), bool(below))
    between = [str(conditional_escape(one)) for one in texts]
    return SafeString(
        "".join(part + text for part, text in zip(parts, [*between, ""], strict=True))
    )


@lru_cache(maxsize=4)
def _around(above: bool, below: bool) -> list[str]:
    """Return what the theme writes before, between and after such texts."""
    marks = [_HERE if one else "" for one in (above, below)]
    shown: str = display_for_header(marks, "")
    return shown.split(_HERE)
