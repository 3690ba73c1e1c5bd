"""«Причины отклонений»: what deviations were about, of whom and how they ended, the greatest share
first (a Pareto chart)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.bridge.program import program
from crm.office.card import Cell, Table, cell
from crm.office.control_charts import begin_of, days_of
from crm.office.deviation_filters import kind_titles
from crm.office.links import list_link
from crm.office.plot import pareto_plot
from crm.quality.models import Deviation

RIGHT = "quality.view_deviation"
SHOWN = 12  # bars; the rest are one
BY: dict[str, tuple[str | Promise, str]] = {
    "kind": (_("Что вышло за предел"), "kind"),
    "limit": (_("Предел"), "limit"),
    "material": (_("Вид сырья"), "lot__raw_batch__raw_material__name"),
    "supplier": (_("Поставщик"), "lot__raw_batch__supplier__name"),
    "recipe": (_("Рецепт"), "lot__mix__order__recipe__name"),
    "flow": (_("Форма"), "flow"),
    "who": (_("Кто спросил"), "asked_by"),
}


@require_safe
def deviation_causes(request: HttpRequest, site: Any) -> HttpResponse:
    """Show the deviations of a period by one of their causes."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    by = request.GET.get("by", "")
    by = by if by in BY else next(iter(BY))
    first, last = days_of(request)
    counts = _counts(by, first, last)
    context = {
        **site.each_context(request),
        "title": gettext("Причины отклонений"),
        "known": [(key, title) for key, (title, _column) in BY.items()],
        "by": by,
        "first": first,
        "last": last,
        "pareto": pareto_plot([(one["said"], one["count"]) for one in counts]) if counts else None,
        "table": _table(by, counts, first, last),
    }
    return TemplateResponse(request, "office/deviation_causes.html", context)


def _counts(by: str, first: date, last: date) -> list[dict[str, Any]]:
    """Return the causes with how many deviations each had and how they ended, in one query."""
    column = BY[by][1]
    found = Deviation.objects.filter(
        asked_at__gte=begin_of(first), asked_at__lt=begin_of(last + timedelta(days=1))
    )
    ends = {state.value: Count("pk", filter=Q(state=state)) for state in Deviation.State}
    rows: list[Any] = list(
        found.order_by()
        .values(cause=F(column))
        .annotate(count=Count("pk"), first=Min("label"), last=Max("label"),
                  person=Min("asked_by__full_name"), **ends)
        .order_by("-count", "cause")
    )  # fmt: skip
    said = _names(by, rows)
    shown = [{**row, "said": said[row["cause"]]} for row in rows[:SHOWN]]
    rest = rows[SHOWN:]
    if rest:
        sums = {name: sum(row[name] for row in rest) for name in ("count", *ends)}
        shown.append({"cause": None, "said": gettext("прочие: {n}").format(n=len(rest)), **sums})
    return shown


def _names(by: str, rows: Sequence[Mapping[str, Any]]) -> dict[Any, str]:
    """Say what the causes are; two that are called alike are told apart by what they are to the
    program."""
    told = [row for row in rows if row["cause"]]
    if by == "kind":
        names: dict[Any, str] = kind_titles(
            (row["cause"], row["first"], row["last"]) for row in told
        )
    else:
        names = {row["cause"]: _said(by, row) for row in told}
    alike = Counter(names.values())
    apart = gettext("{name}, № {id}") if by == "who" else "{name} ({id})"
    return {
        None: gettext("не указано"),
        "": gettext("не указано"),
        **{
            cause: apart.format(name=name, id=cause) if alike[name] > 1 else name
            for cause, name in names.items()
        },
    }


def _said(by: str, row: Mapping[str, Any]) -> str:
    if by == "who":
        return str(row["person"])
    cause, present = row["cause"], program()
    known: Mapping[str, Any] = {"flow": present.flows, "limit": present.limits}.get(by, {})
    if cause in known:
        return present.languages.say(known[cause].title, get_language() or "")
    return str(cause)


def _table(by: str, counts: Sequence[dict[str, Any]], first: date, last: date) -> Table:
    whole, running, rows = sum(one["count"] for one in counts), 0, []
    for number, one in enumerate(counts, 1):
        running += one["count"]
        rows.append(
            (
                cell(number),
                cell(one["said"], href=_link(by, one["cause"], first, last)),
                cell(one["count"]),
                _percent(one["count"], whole),
                _percent(running, whole),
                *(cell(one[state]) for state in Deviation.State.values),
            )
        )
    headers = ("№", BY[by][0], _("Отклонений"), _("Доля, %"), _("Нарастающим, %"))
    return Table(
        gettext("Отклонения"),
        (*headers, *Deviation.State.labels),
        rows,
        empty=gettext(
            "За эти дни отклонений не было. Выберите другие дни: отклонение появляется, когда "
            "ответ выходит за предел."
        ),
    )


def _percent(count: int, whole: int) -> Cell:
    return cell(Decimal(100 * count) / whole, decimals=1)


def _link(by: str, cause: str | None, first: date, last: date) -> str:
    """Lead to the list of these deviations, where the list can tell them apart."""
    column = BY[by][1]
    if not cause or "__" in column or by == "who":
        return ""
    ends = {"from": begin_of(first), "to": begin_of(last + timedelta(days=1))}
    days = {f"asked_at_{end}_0": f"{at:%d.%m.%Y}" for end, at in ends.items()}
    days |= {f"asked_at_{end}_1": f"{at:%H:%M}" for end, at in ends.items()}
    return list_link(Deviation, urlencode({f"{column}__exact": cause, **days}))
