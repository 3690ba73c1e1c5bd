"""The first reference data of a plant (domain 13): loaded by code, done again it adds what is
missing and undoes no edit. Names are invented.

Start at `load_reference`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from crm.catalogue.models import (
    Company,
    Customer,
    Entry,
    Freezer,
    Nomenclature,
    RawMaterial,
    Recipe,
    RecipeVersion,
    ResponsiblePerson,
    Separator,
    SeparatorMode,
    Supplier,
)
from crm.catalogue.operations.add import add
from crm.own_words import FIRST_VALUES

SINCE = datetime(2020, 1, 1, tzinfo=UTC)  # before any delivery

NAMES: tuple[tuple[type[Entry], tuple[str, ...]], ...] = (
    (Company, ("ООО «Учебная компания 1»", "ООО «Учебная компания 2»")),
    (
        Supplier,
        (
            "Птицефабрика «Примерная»",
            "Птицефабрика «Образцовая»",
            "Агрофирма «Учебная»",
            "Фабрика «Пробная»",
        ),
    ),
    (
        Customer,
        ("ООО «Образец-Фуд»", "ООО «Пример-Снаб»", "ООО «Демо-Корм»", "ООО «Учебная кухня»"),
    ),
    (
        Nomenclature,
        ("Каркас ЦБ", "Спинка ЦБ", "Шея ЦБ без кожи", "Кость грудная", "Индейка каркас"),
    ),
    (ResponsiblePerson, ("Лапина О. В.", "Серова Т. Н.", "Белкин А. Р.")),
    (SeparatorMode, ("700", "750", "B", "Отсутствует")),
)
SEPARATORS = {"s1": "С-1", "s2": "С-2", "s3": "С-3"}
MATERIALS = (  # code, name, defrost loss %, exit % (None: unknown)
    ("cb", "Спинка ЦБ целая", "3.2", "28.0"),
    ("slch", "СЛЧ", "3.0", "26.0"),
    ("pkch", "ПКЧ", "3.1", "30.0"),
    ("body_bone", "Грудная кость", "2.8", "36.0"),
    ("mix", "Микс", "3.2", "30.0"),
    ("tb_bone", "Трубчатая кость", "2.5", "40.0"),
    ("mko", "МКО", "1.5", None),
    ("neck", "Шея", "3.4", "20.0"),
    ("turkey", "Индейка", "3.0", "25.0"),
    ("carcass", "Каркас", "3.2", "30.0"),
    ("keel", "Киль", "2.6", "24.0"),
)
USUAL = "18.50 3.00 3.00 12.80 1.00 1.50 66.00 3.00 3.00 1.30 0.50 0.50"
REWORKED = "20.00 4.00 4.00 12.50 1.50 2.00 61.00 4.00 4.00 4.00 4.00 2.00"
# Number, line, name; fat, protein, moisture, ash: each the norm, below by, above by; the guide by
# materials in per cent; вторфарша at most, in per cent (domain 13.4).
RECIPES: tuple[tuple[int, str, str, str, dict[str, int], str | None], ...] = (
    (1, "mmo", "Стандарт", "18.00 2.50 2.50 13.00 1.00 1.50 66.00 2.50 2.50 1.20 0.40 0.40",
     {"carcass": 60, "slch": 25, "neck": 15}, None),
    (2, "mmo", "Люкс", "15.00 2.00 2.00 13.50 1.00 1.50 68.00 2.00 2.00 1.20 0.40 0.40",
     {"carcass": 40, "neck": 60}, None),
    (3, "mmo", "Верхний", "16.00 2.00 2.00 13.20 1.00 1.50 67.00 2.50 2.50 1.20 0.40 0.40",
     {"carcass": 70, "neck": 30}, None),
    (4, "mmo", "Обычный", USUAL, {"carcass": 70, "cb": 30}, None),
    (5, "mmo", "Обычный без пакета", USUAL, {"carcass": 70, "cb": 30}, None),
    (6, "mmo", "Эконом", "21.00 3.00 3.00 12.20 0.80 1.50 63.50 3.00 3.00 1.40 0.50 0.60",
     {"cb": 70, "slch": 30}, None),
    (7, "mmo", "Премиум", "13.00 2.00 2.00 14.50 1.00 1.50 69.00 2.00 2.00 1.10 0.30 0.30",
     {"neck": 60, "keel": 40}, None),
    (8, "mmo", "Индейка", "13.00 2.00 2.00 15.00 1.00 1.50 70.00 2.00 2.00 1.10 0.30 0.30",
     {"turkey": 100}, None),
    (9, "mmo", "Филе малое", "3.00 1.50 1.50 21.00 1.50 1.50 74.00 2.00 2.00 1.10 0.30 0.30",
     {}, None),
    (10, "mmo", "Возврат", "18.00 4.00 4.00 12.50 1.50 2.00 65.00 4.00 4.00 1.40 0.60 0.60",
     {}, None),
    (11, "mmo", "Люкс возврат", "15.50 3.00 3.00 13.00 1.50 2.00 67.00 3.00 3.00 1.30 0.50 0.50",
     {}, None),
    (12, "mmo", "Классик", "17.00 2.50 2.50 13.00 1.00 1.50 66.50 2.50 2.50 1.20 0.40 0.40",
     {"carcass": 80, "neck": 20}, None),
    (13, "mmo", "Блочный", "19.00 3.00 3.00 12.50 1.00 1.50 65.00 3.00 3.00 1.30 0.50 0.50",
     {"carcass": 50, "slch": 50}, None),
    (14, "mmo", "Суповой", "16.00 3.00 3.00 13.20 1.20 1.50 66.50 3.00 3.00 1.40 0.50 0.60",
     {"body_bone": 50, "carcass": 50}, None),
    (15, "mko", "Пет-фуд", "20.00 3.00 3.00 13.00 1.50 1.50 61.70 3.00 3.00 3.50 3.50 1.50",
     {"slch": 50, "pkch": 30, "mko": 20}, "10.00"),
    (16, "mko", "Пет-фуд Премиум",
     "18.00 2.50 2.50 14.00 1.00 1.50 64.00 3.00 3.00 2.80 2.80 1.00", {}, "5.00"),
    (17, "mko", "Вторфарш Пет-фуд", REWORKED, {}, "100.00"),
    (18, "mko", "Вторфарш без этапа", REWORKED, {}, "100.00"),
)  # fmt: skip
NORMS = tuple(
    f"{part}{end}"
    for part in ("fat", "protein", "moisture", "ash")
    for end in ("", "_minus", "_plus")
)
PREFIX = "Вторфарш "  # how reports call a recipe: without it
PLATES = {1: range(1, 8), 2: range(8, 15)}  # line: numbers
PLATE_MINUTES, SHOCK_MINUTES, SHOCK_PLACES = 150, 720, 100
SHOCKERS = range(1, 5)


@transaction.atomic
def load_reference() -> None:
    """Load firms, materials, recipes with their norms, separators and freezers."""
    for model, names in NAMES:
        for name in names:
            add(None, model=model, name=name, custom=False)
    for code, name in SEPARATORS.items():
        add(None, model=Separator, name=name, code=code, custom=False)
    for code, name, loss, exit_pct in MATERIALS:
        values = {
            "defrost_loss_pct": Decimal(loss),
            "exit_pct": None if exit_pct is None else Decimal(exit_pct),
        }
        add(None, model=RawMaterial, name=name, code=code, custom=False, values=values)
    _recipes()
    _freezers()


def _recipes() -> None:
    for number, line, name, norm, guide, rework in RECIPES:
        values = {
            "number": number,
            "product_line": line,
            "report_name": name.removeprefix(PREFIX),
        }
        recipe = add(
            None, model=Recipe, name=name, code=f"recipe_{number}", custom=False, values=values
        )
        if recipe.versions.exists():
            continue
        RecipeVersion.objects.create(
            recipe=recipe,
            version=1,
            since=SINCE,
            reason=FIRST_VALUES,
            guide=guide,
            rework_limit_pct=None if rework is None else Decimal(rework),
            **dict(zip(NORMS, map(Decimal, norm.split()), strict=True)),
        )


def _freezers() -> None:
    for line, numbers in PLATES.items():
        for number in numbers:
            Freezer.objects.get_or_create(
                kind=Freezer.Kind.PLATE,
                number=number,
                defaults={"line": line, "capacity": 1, "min_minutes": PLATE_MINUTES},
            )
    for number in SHOCKERS:
        Freezer.objects.get_or_create(
            kind=Freezer.Kind.SHOCK,
            number=number,
            defaults={"capacity": SHOCK_PLACES, "min_minutes": SHOCK_MINUTES},
        )
