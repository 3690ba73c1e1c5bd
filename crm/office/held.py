"""«Блокировки» of lists of lots: which holds are open on each, told by the list's own query.

Start at `with_holds`; the column is `show_holds`, the filter `HeldFilter`."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from crm.joined import COMMA, Joined
from crm.office.card import NOTHING
from crm.office.columns import Show, column
from crm.quality.models import Hold, HoldKind

Q_ = TypeVar("Q_", bound=QuerySet[Any])


def _open() -> QuerySet[Hold]:
    """The open holds of the lot of a row."""
    return Hold.objects.filter(lot=OuterRef("lot"), released_at__isnull=True)


def with_holds(rows: Q_) -> Q_:
    """Add `held`, the kinds of the open holds on a record's lot; None without any."""
    kinds = _open().order_by().values("lot").annotate(kinds=Joined("kind")).values("kinds")
    return rows.annotate(held=Subquery(kinds))


def kinds_of(record: Any) -> str:
    """Say which holds are open on a row of `with_holds`, each kind once."""
    if not record.held:  # of nearly every row
        return ""
    kinds = {HoldKind(kind) for kind in record.held.split(COMMA) if kind}
    return ", ".join(str(kind.label) for kind in HoldKind if kind in kinds)


def _column() -> Show:
    def show(_page: Any, record: Any) -> Any:
        kinds = kinds_of(record)
        if not kinds:
            return NOTHING
        return format_html('<span class="office-badge is-bad">{}</span>', kinds)

    show.written = kinds_of  # type: ignore[attr-defined]
    return column(description=_("Блоки\N{SOFT HYPHEN}ровки"))(show)


show_holds = _column()


class HeldFilter(RadioFilter):
    """«Заблокировано»: whether a hold is open."""

    title = _("Заблокировано")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("yes", gettext("Да")), ("no", gettext("Нет"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows with, or without, an open hold."""
        wanted = {"yes": Exists(_open()), "no": ~Exists(_open())}
        asked = wanted.get(str(self.value()))
        return queryset if asked is None else queryset.filter(asked)
