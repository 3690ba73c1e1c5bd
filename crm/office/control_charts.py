"""«Контрольные карты»: a measured characteristic in time, with what says that it changed, and the
versions of the norm that it is held to (domain 14.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.bridge.program import program
from crm.catalogue.models import RecipeVersion
from crm.office.card import Cell, Figure, Table, bounds, cell
from crm.office.filters import day_of
from crm.office.language import own_said, said
from crm.office.links import link
from crm.office.parts import record_cell
from crm.office.plot import Mark, Plot, control_plot
from crm.office.standards import case_of
from crm.production.day import production_day
from crm.quality.characteristics import CHARACTERISTICS, MOST, Characteristic, Point
from crm.quality.checks import title_of
from crm.quality.control import ENOUGH, Chart, Rule, chart_of
from crm.quality.models import Check, LimitVersion
from crm.quality.norms import norms_of
from engine.model.values import show_number

RIGHT = "quality.view_limitversion"
USUAL_DAYS = 30
VERSIONS = 20
RULES = {
    Rule.BEYOND: _("точка за границей 3σ"),
    Rule.ONE_SIDE: _("девять подряд по одну сторону от среднего"),
    Rule.SIX_IN_TREND: _("шесть подряд растут или убывают"),
    Rule.TURN_ABOUT: _("четырнадцать подряд попеременно вверх и вниз"),
}
WIDE = _("скачок больше границы размахов")


@require_safe
def control_charts(request: HttpRequest, site: Any) -> HttpResponse:
    """Show one characteristic: both charts, the same values in a table, versions of its norm."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    name = request.GET.get("characteristic", "")
    what = CHARACTERISTICS.get(name) or next(iter(CHARACTERISTICS.values()))
    first, last = days_of(request)
    options = [by.options() for by in what.by]
    chosen = what.narrowed(_asked(request, what, options))
    points = what.points(begin_of(first), begin_of(last + timedelta(days=1)), chosen)
    chart = chart_of([point.value for point in points])
    context = {
        **site.each_context(request),
        "title": gettext("Контрольные карты"),
        "known": [(key, one.title) for key, one in CHARACTERISTICS.items()],
        "name": name or next(iter(CHARACTERISTICS)),
        "what": what,
        "selects": [
            (by, offered, chosen.get(by.name)) for by, offered in zip(what.by, options, strict=True)
        ],
        "first": first,
        "last": last,
        "versions": _versions(what, chosen),
        "rules": [(int(rule), text) for rule, text in RULES.items()],
        "cut": MOST if len(points) == MOST else 0,
        **(_charted(what, points, chart) if chart else {"empty": _empty(points)}),
    }
    return TemplateResponse(request, "office/control_charts.html", context)


def days_of(request: HttpRequest) -> tuple[date, date]:
    """Return the first and the last production day that are asked for; the last month by itself."""
    last = day_of(request.GET.get("to")) or production_day(timezone.now())
    first = day_of(request.GET.get("from")) or last - timedelta(days=USUAL_DAYS - 1)
    return min(first, last), last


def begin_of(day: date) -> datetime:
    """Return the moment at which a production day begins."""
    zone = program().zone
    return datetime.combine(day, zone.day_begins, zone)


def _asked(
    request: HttpRequest, what: Characteristic, options: Sequence[Sequence[tuple[str, str]]]
) -> dict[str, str]:
    """Return what the address narrows the series by, of what there is to choose."""
    return {
        by.name: given
        for by, offered in zip(what.by, options, strict=True)
        if (given := request.GET.get(by.name, "")) in dict(offered)
    }


def _empty(points: Sequence[Point]) -> str:
    if points:
        return gettext("За эти дни одно измерение: для карты нужно хотя бы два. Выберите дни шире.")
    return gettext(
        "За эти дни измерений нет. Выберите другие дни или другую характеристику: измерения "
        "появляются, когда лаборатория и приёмщики сохраняют свои формы."
    )


def _charted(what: Characteristic, points: Sequence[Point], chart: Chart) -> dict[str, Any]:
    outside = sum(point.is_outside for point in points)
    numbers = (
        (gettext("Среднее"), chart.mean),
        (gettext("Нижняя граница"), chart.lower),
        (gettext("Верхняя граница"), chart.upper),
        (gettext("Средний размах"), chart.mean_range),
        (gettext("Граница размахов"), chart.upper_range),
    )
    return {
        "figures": [
            Figure(gettext("Измерений"), str(len(points))),
            *(Figure(label, shown(value), what.unit) for label, value in numbers),
            Figure(gettext("Сигналов"), str(chart.signals), "", "warn" if chart.signals else ""),
            Figure(gettext("Вне нормы"), str(outside), "", "bad" if outside else ""),
        ],
        "plots": (_values(what, points, chart), _ranges(points, chart)),
        "table": _table(what, points, chart),
        "few": len(points) < ENOUGH,
        "enough": ENOUGH,
    }


def shown(value: Decimal) -> str:
    """Write a computed number with two digits, half up."""
    return show_number(value, 2)


def _values(what: Characteristic, points: Sequence[Point], chart: Chart) -> Plot:
    levels = [
        (chart.upper, gettext("ВКГ {value}").format(value=shown(chart.upper)), "limit"),
        (chart.mean, gettext("Среднее {value}").format(value=shown(chart.mean)), "mean"),
        (chart.lower, gettext("НКГ {value}").format(value=shown(chart.lower)), "limit"),
    ]
    marks = [
        Mark(
            point.value,
            f"{_when(point)}, {_called(point)}: {show_number(point.value)} {what.unit}",
            "·".join(str(int(rule)) for rule in rules),
            "bad" if point.is_outside else "warn" if rules else "",
        )
        for point, rules in zip(points, chart.rules, strict=True)
    ]
    norms = [
        [(end, _norm(end, point.unit)) for end, point in zip(ends, points, strict=True)]
        for ends in ([one.most for one in points], [one.least for one in points])
    ]
    return control_plot(gettext("Значения"), marks, levels, _ends(points), norms)


def _norm(end: Decimal | None, unit: str) -> str:
    if end is None:
        return ""
    return gettext("Норма {value}").format(value=show_number(end, 1 if unit == "°C" else 2))


def _ranges(points: Sequence[Point], chart: Chart) -> Plot:
    levels = [
        (chart.upper_range, gettext("ВКГ {value}").format(value=shown(chart.upper_range)), "limit"),
        (
            chart.mean_range,
            gettext("Среднее {value}").format(value=shown(chart.mean_range)),
            "mean",
        ),
        (Decimal(0), "0", "base"),
    ]
    marks = [
        Mark(
            move,
            f"{_when(point)}, {_called(point)}: {'' if move is None else show_number(move)}",
            "R" if wide else "",
            "warn" if wide else "",
        )
        for point, move, wide in zip(points, chart.ranges, chart.wide, strict=True)
    ]
    return control_plot(gettext("Скользящие размахи"), marks, levels, _ends(points))


def _when(point: Point) -> str:
    return f"{timezone.localtime(point.at):%d.%m.%Y %H:%M}"


def _record(point: Point) -> Cell:
    """Show what was measured; a check of the plan has no card, only perhaps a deviation."""
    if not isinstance(point.record, Check):
        return record_cell(point.record)
    deviation = point.record.deviation
    return cell(_called(point), href=link(deviation) if deviation else "")


def _called(point: Point) -> str:
    return said(title_of(point.record)) if isinstance(point.record, Check) else str(point.record)


def _ends(points: Sequence[Point]) -> tuple[str, str]:
    return _when(points[0]), _when(points[-1])


def _table(what: Characteristic, points: Sequence[Point], chart: Chart) -> Table:
    """Say the same in words, the newest first."""
    digits = 1 if what.unit == "°C" else 2
    rows = [
        (
            cell(point.at),
            _record(point),
            cell(point.value, decimals=digits),
            cell(move, decimals=digits),
            cell(bounds(point)),
            _signals(rules, wide),
            Cell(gettext("вне нормы"), tone="bad") if point.is_outside else Cell(""),
        )
        for point, move, rules, wide in zip(
            points, chart.ranges, chart.rules, chart.wide, strict=True
        )
    ]
    headers = (
        _("Когда"),
        _("Запись"),
        _("Значение"),
        _("Размах"),
        _("Норма тогда"),
        _("Сигналы"),
        "",
    )
    return Table(gettext("Измерения"), headers, rows[::-1])


def _signals(rules: Sequence[Rule], wide: bool) -> Cell:
    said = [f"{int(rule)}: {RULES[rule]}" for rule in rules]
    if wide:
        said.append(f"R: {WIDE}")
    return cell("; ".join(said))


def _versions(what: Characteristic, chosen: Mapping[str, str]) -> Table:
    """List the versions of the norm or limit, those that begin last first."""
    headers = (_("Версия"), _("Действует с"), _("Норма"), _("Автор"), _("Причина"))
    if what.part:
        norms = RecipeVersion.objects.filter(recipe__pk=chosen.get(what.by[0].name, 0))
        rows = [
            (
                cell(one.version),
                cell(one.since),
                cell(norm.text if (norm := norms_of(one, [what.part]).get(what.part)) else None),
                cell(one.author),
                cell(own_said(one.reason)),
            )
            for one in norms.select_related("author").order_by("-since", "-version")[:VERSIONS]
        ]
        return Table(gettext("Версии нормы"), headers, rows, gettext("У рецепта нормы нет"))
    limits = LimitVersion.objects.filter(name=what.limit).select_related("author")
    rows = [
        (
            cell(one.version, href=link(one)),
            cell(one.since),
            cell(f"{bounds(one)} {case_of(one)}".strip()),
            cell(one.author),
            cell(own_said(one.reason)),
        )
        for one in limits.order_by("-since", "-version", "position")[:VERSIONS]
    ]
    return Table(gettext("Версии предела"), headers, rows, gettext("Предел не задан"))
