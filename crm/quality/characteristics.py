"""What the laboratory and the receivers measure, as series of values in time: start at
`CHARACTERISTICS`.

A series is asked in one query, the latest `MOST` values of it; an attempt that a correction took
back is none, nor one of a load that went into the mixer anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Freezer, RawMaterial, Recipe, Supplier
from crm.production.models import FreezerLoad
from crm.quality.models import AshAnalysis, Measurement, MixAnalysis, RawAnalysis
from crm.quality.norms import kept

MOST = 200  # values of one chart


@dataclass(frozen=True, slots=True)
class Point:
    """One value: when, of which record, with the bounds that were in force then."""

    at: datetime
    value: Decimal
    record: Any
    least: Decimal | None
    most: Decimal | None

    @property
    def is_outside(self) -> bool:
        """Whether it missed its bounds."""
        below = self.least is not None and self.value < self.least
        return below or (self.most is not None and self.value > self.most)


@dataclass(frozen=True, slots=True)
class By:
    """What a series may be narrowed by: its column, the word for it, what there is to choose."""

    column: str
    title: str | Promise
    model: type[Any]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One thing that is measured: its title and unit, its rows with the moment's column, how a row
    becomes a point, what it may be narrowed by."""

    title: str | Promise
    unit: str
    rows: Callable[[], QuerySet[Any]]
    moment: str
    point: Callable[[Any], Point]
    by: tuple[By, ...]
    part: str = ""  # of a recipe's norm
    limit: str = ""  # or: whose versions bound it

    def latest(self) -> int | None:
        """Return the id of what the newest value is of, by the first thing to narrow by."""
        rows = self.rows().order_by(f"-{self.moment}", "-pk")
        found: int | None = rows.values_list(self.by[0].column, flat=True).first()
        return found

    def points(self, first: datetime, last: datetime, chosen: Mapping[str, int]) -> list[Point]:
        """Return the latest values from `first` until before `last`, oldest first, of rows whose
        columns have the chosen ids."""
        period = {f"{self.moment}__gte": first, f"{self.moment}__lt": last}
        rows = self.rows().filter(**period, **chosen).order_by(f"-{self.moment}", "-pk")
        return [self.point(row) for row in reversed(rows[:MOST])]


MATERIAL, SUPPLIER, RECIPE = _("Вид сырья"), _("Поставщик"), _("Рецепт")
OF_BATCH, OF_LOT = (
    (
        By(f"{before}raw_batch__raw_material", MATERIAL, RawMaterial),
        By(f"{before}raw_batch__supplier", SUPPLIER, Supplier),
    )
    for before in ("", "lot__")
)
OF_MIX = (By("mix__order__recipe", RECIPE, Recipe),)
PARTS = {"fat": _("Жир"), "protein": _("Белок"), "moisture": _("Влага")}


def _analysed(part: str, record: str) -> Callable[[Any], Point]:
    def point(row: Any) -> Point:
        norm = kept(row.limits_snapshot).get(part)
        ends = (norm.least, norm.most) if norm else (None, None)
        return Point(row.at, getattr(row, part), getattr(row, record), *ends)

    return point


def _measured(row: Any) -> Point:
    return Point(row.at, row.value, row.lot.raw_batch, row.least, row.most)


def _unloaded(row: Any) -> Point:
    return Point(row.unloaded_at, row.core_temp_out, row.mix or row.pallet, None, None)


def _raw() -> QuerySet[Any]:
    return RawAnalysis.objects.filter(voided_at__isnull=True).select_related("raw_batch")


def _mixes(model: type[Any]) -> Callable[[], QuerySet[Any]]:
    rows = model.objects.filter(voided_at__isnull=True, superseded=False)
    return lambda: rows.select_related("mix")


def _at_receipt(name: str) -> Callable[[], QuerySet[Any]]:
    rows = Measurement.objects.filter(name=name, lot__raw_batch__isnull=False)
    return lambda: rows.select_related("lot__raw_batch")


def _cores() -> QuerySet[Any]:
    rows = FreezerLoad.objects.filter(core_temp_out__isnull=False, unloaded_at__isnull=False)
    return rows.select_related("mix", "pallet")


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
        _("Температура кузова"), "°C", _at_receipt("body_temp"), "at", _measured, OF_LOT,
        limit="receiving_temperature",
    ),
    "product_temp": Characteristic(
        _("Температура сырья"), "°C", _at_receipt("product_temp"), "at", _measured, OF_LOT,
        limit="receiving_temperature",
    ),
    "core_temp": Characteristic(
        _("Температура в толще блока"), "°C", _cores, "unloaded_at", _unloaded,
        (By("freezer", _("Камера"), Freezer),), limit="core_temperature",
    ),
}  # fmt: skip
