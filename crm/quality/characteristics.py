"""What the laboratory and the receivers measure, as series of values in time: start at
`CHARACTERISTICS`.

A series is asked in one query, the latest `MOST` values of it, one value a record: of attempts the
last that counts (domain 4.8), none that a correction took back, none of a load that went into the
mixer anew, nothing of a receipt that was cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Freezer, RawMaterial, Recipe, Supplier
from crm.production.models import FreezerLoad, RawBatch
from crm.quality.models import AshAnalysis, Measurement, MixAnalysis, RawAnalysis
from crm.quality.norms import ENDS, kept

MOST = 200  # values of one chart


@dataclass(frozen=True, slots=True)
class Point:
    """One value: when, of which record, with the bounds that were in force then."""

    at: datetime
    value: Decimal
    record: Any
    least: Decimal | None
    most: Decimal | None
    unit: str

    @property
    def is_outside(self) -> bool:
        """Whether it missed its bounds."""
        below = self.least is not None and self.value < self.least
        return below or (self.most is not None and self.value > self.most)


Options = Callable[[], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class By:
    """What a series may be narrowed by: its name in addresses, its column, the word for it, what
    there is to choose (value and words). `always`: values of several in one chart say nothing."""

    name: str
    column: str
    title: str | Promise
    options: Options
    always: bool = False


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One thing that is measured: its title and unit, its rows with the moment's column, how a row
    becomes a point, what it may be narrowed by."""

    title: str | Promise
    unit: str
    rows: Callable[[], QuerySet[Any]]
    moment: str
    point: Callable[[Any], Point]
    by: tuple[By, ...] = ()
    part: str = ""  # of a recipe's norm
    limit: str = ""  # or: whose versions bound it

    def narrowed(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what the series is narrowed by: what was given, and where one thing is always
        chosen and none was, that of the newest value."""
        chosen = {by.name: given[by.name] for by in self.by if by.name in given}
        lacking = [by for by in self.by if by.always and by.name not in chosen]
        if lacking:
            columns = [by.column for by in lacking]
            newest = self._of(chosen).values_list(*columns).first() or ()
            known = [(by.name, one) for by, one in zip(lacking, newest, strict=False) if one]
            chosen |= {name: str(one) for name, one in known}
        return chosen

    def points(self, first: datetime, last: datetime, chosen: Mapping[str, str]) -> list[Point]:
        """Return the latest values from `first` until before `last`, oldest first, of what was
        chosen."""
        period = {f"{self.moment}__gte": first, f"{self.moment}__lt": last}
        rows = self._of(chosen).filter(**period)
        return [self.point(row) for row in reversed(rows[:MOST])]

    def _of(self, chosen: Mapping[str, str]) -> QuerySet[Any]:
        """Return the rows of what was chosen, the newest first."""
        columns = {by.column: chosen[by.name] for by in self.by if by.name in chosen}
        return self.rows().filter(**columns).order_by(f"-{self.moment}", "-pk")


def _of(model: type[Any]) -> Options:
    return lambda: [(str(one.pk), str(one)) for one in model.objects.all()]


def _conditions() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in RawBatch.Condition.choices]


def _material(column: str) -> By:
    return By("material", column, _("Вид сырья"), _of(RawMaterial), always=True)


def _supplier(column: str) -> By:
    return By("supplier", column, _("Поставщик"), _of(Supplier))


OF_BATCH = (_material("raw_batch__raw_material"), _supplier("raw_batch__supplier"))
OF_LOT = (  # a limit a condition (domain Q7), and twenty degrees between the two
    _material("lot__raw_batch__raw_material"),
    By("condition", "lot__raw_batch__condition", _("Кондиция"), _conditions, always=True),
    _supplier("lot__raw_batch__supplier"),
)
OF_MIX = (By("recipe", "mix__order__recipe", _("Рецепт"), _of(Recipe), always=True),)
OF_LOAD = (By("freezer", "freezer", _("Камера"), _of(Freezer), always=True),)
OF_LINE = (
    By("line", "check_made__line", _("Линия"), lambda: [("1", "1"), ("2", "2")], always=True),
)
PARTS = {"fat": _("Жир"), "protein": _("Белок"), "moisture": _("Влага")}


def _analysed(part: str, record: str) -> Callable[[Any], Point]:
    def point(row: Any) -> Point:
        norm = kept(row.limits_snapshot).get(part)
        ends = (norm.least, norm.most) if norm else (None, None)
        return Point(row.at, getattr(row, part), getattr(row, record), *ends, "%")

    return point


def _received(row: Any) -> Point:
    return Point(row.at, row.value, row.lot.raw_batch, row.least, row.most, "°C")


def _checked(row: Any) -> Point:
    return Point(row.at, row.value, row.check_made, row.least, row.most, "°C")


def _unloaded(row: Any) -> Point:
    held = row.mix or row.pallet
    return Point(row.unloaded_at, row.core_temp_out, held, row.least, row.most, "°C")


def _raw() -> QuerySet[Any]:
    valid = RawAnalysis.objects.filter(voided_at__isnull=True)
    return _last(valid, "raw_batch").select_related("raw_batch")


def _mixes(model: type[Any]) -> Callable[[], QuerySet[Any]]:
    valid = model.objects.filter(voided_at__isnull=True, superseded=False)
    return lambda: _last(valid, "mix").select_related("mix")


def _last(valid: QuerySet[Any], of: str) -> QuerySet[Any]:
    """Keep the last attempt of each record: a repeated analysis is no further sample, and its
    difference from the first is no movement of the process."""
    later = valid.filter(attempt__gt=OuterRef("attempt"), **{of: OuterRef(of)})
    return valid.filter(~Exists(later))


def _at_receipt(name: str) -> Callable[[], QuerySet[Any]]:
    rows = Measurement.objects.filter(name=name, lot__raw_batch__isnull=False)
    stands = rows.exclude(lot__raw_batch__state=RawBatch.State.CANCELLED)
    return lambda: stands.select_related("lot__raw_batch")


def _of_checks(limit: str) -> Callable[[], QuerySet[Any]]:
    rows = Measurement.objects.filter(check_made__limit=limit)
    return lambda: rows.select_related("check_made__deviation")


def _cores() -> QuerySet[Any]:
    """Return unloaded loads with the limit that their measurement was held to."""
    held = Coalesce(OuterRef("mix__lot"), OuterRef("pallet__lot"))
    kept_with = Measurement.objects.filter(name="core_temp", lot=held, at=OuterRef("unloaded_at"))
    rows = FreezerLoad.objects.filter(core_temp_out__isnull=False, unloaded_at__isnull=False)
    ends = {end: Subquery(kept_with.values(end)[:1]) for end in ENDS}
    return rows.annotate(**ends).select_related("mix", "pallet")


def _of_raw(part: str) -> Characteristic:
    title = format_lazy(_("{part} сырья"), part=PARTS[part])
    return Characteristic(
        title, "%", _raw, "at", _analysed(part, "raw_batch"), OF_BATCH,
        limit=f"raw_{part}",
    )  # fmt: skip


def _of_mix(part: str) -> Characteristic:
    title = format_lazy(_("{part} замеса"), part=PARTS[part])
    point = _analysed(part, "mix")
    return Characteristic(title, "%", _mixes(MixAnalysis), "at", point, OF_MIX, part)


CHARACTERISTICS: dict[str, Characteristic] = {
    **{f"mix_{part}": _of_mix(part) for part in PARTS},
    "mix_ash": Characteristic(
        _("Зола замеса"), "%", _mixes(AshAnalysis), "at", _analysed("ash", "mix"), OF_MIX,
        "ash",
    ),
    **{f"raw_{part}": _of_raw(part) for part in PARTS},
    "body_temp": Characteristic(
        _("Температура кузова"), "°C", _at_receipt("body_temp"), "at", _received, OF_LOT,
        limit="receiving_temperature",
    ),
    "product_temp": Characteristic(
        _("Температура сырья"), "°C", _at_receipt("product_temp"), "at", _received, OF_LOT,
        limit="receiving_temperature",
    ),
    "separation_temp": Characteristic(
        _("Температура сырья на сепарирование"), "°C", _of_checks("separation_temperature"), "at",
        _checked, OF_LINE, limit="separation_temperature",
    ),
    "core_temp": Characteristic(
        _("Температура в толще блока"), "°C", _cores, "unloaded_at", _unloaded, OF_LOAD,
        limit="core_temperature",
    ),
    "store_temp": Characteristic(
        _("Температура воздуха в камере хранения"), "°C", _of_checks("store_temperature"), "at",
        _checked, limit="store_temperature",
    ),
}  # fmt: skip
