"""The likely answers of the shop floor, by the flow and the field they are for: the only place
that names fields of flows.

Every way may return None: then the question is answered by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from crm.plant.asked import CHILLED, MIXES, Asked, Thing
from crm.plant.meat import COMPOSITION, digits, measured, typed
from crm.production.models import Mix, RawBatch

Way = Callable[[Asked], Thing | None]

MIX_FAILS = 0.015  # of the readings of a mix
CHECK_FAILS = 0.002  # of the checks of the plan
WARM, THAWING = 6.5, -5.5  # degrees in a truck that is not in order, by the condition
SMALLEST_MIX, LARGEST_MIX = 800, 1200  # kg
USUAL_MIXES = 8  # of an order that no plan speaks of
# Which materials come how often, and how each is called elsewhere in the delivery.
MATERIALS = {
    **{"Каркас": 30, "Спинка ЦБ целая": 15, "СЛЧ": 15, "Шея": 12, "Грудная кость": 8},
    **{"ПКЧ": 7, "Индейка": 5, "Киль": 5, "МКО": 5, "Микс": 3, "Трубчатая кость": 3},
}
NOMENCLATURE = {
    **{"Каркас": "Каркас ЦБ", "Спинка ЦБ целая": "Спинка ЦБ", "Шея": "Шея ЦБ без кожи"},
    **{"Грудная кость": "Кость грудная", "Индейка": "Индейка каркас"},
}
ACCOUNTING = {"Каркас": "carcass", "Киль": "keel", "Трубчатая кость": "bone"}
LINES = {"new_minced_order": "mmo", "new_mko_order": "mko"}
WAYBILLS = {"OK-1": 4, "OK-3": 3, "NONE": 2, "REJ": 1, "SLOW": 1, "ERR500": 1}


def _weighted(asked: Asked, of: Mapping[str, int]) -> str:
    return asked.chance.choices([*of], [*of.values()])[0]


def _searched(asked: Asked, title: str) -> Thing:
    """Press the button of a title, or type it: on another page it is not in sight."""
    return asked.titled(title) or title


def _expected(asked: Asked) -> Thing | None:
    """Take a delivery that was told of, mostly when there is one."""
    options = asked.options()
    if options and asked.chance.random() < 0.3:
        return asked.chance.choice(options)
    return asked.act("skip")


def _material(asked: Asked) -> Thing | None:
    return _searched(asked, _weighted(asked, MATERIALS))


def _nomenclature(asked: Asked) -> Thing | None:
    material = asked.value("material")
    title = NOMENCLATURE.get(getattr(material, "title", ""))
    return _searched(asked, title) if title else None


def _condition(asked: Asked) -> Thing | None:
    chilled = asked.memory.get(CHILLED, asked.chance.random() < 0.45)
    return asked.option("chilled" if chilled else "frozen")


def _temperature(asked: Asked) -> Thing | None:
    skip = asked.act("skip")
    if skip is not None and asked.chance.random() < 0.1:
        return skip
    warm = asked.happens("warm truck", asked.chance)
    if asked.code("condition") == "frozen":
        return typed(digits(THAWING if warm else asked.chance.uniform(-22, -12), 1))
    return typed(digits(WARM if warm else asked.chance.uniform(-1, 3.5), 1))


def _made(asked: Asked) -> Thing | None:
    return f"{asked.now - timedelta(days=asked.chance.randint(1, 20)):%d.%m.%Y}"


def _waybill(asked: Asked) -> Thing | None:
    if asked.chance.random() < 0.4:
        return _weighted(asked, WAYBILLS)
    return f"ТТН-{asked.chance.randint(1000, 9999)}"


def _delivered(asked: Asked) -> Thing | None:
    ready = asked.ready()
    if ready is not None and asked.chance.random() < 0.8:
        return ready
    return typed(digits(asked.chance.uniform(2000, 20000), 3))


def _accounting(asked: Asked) -> Thing | None:
    return asked.option(ACCOUNTING.get(getattr(asked.value("material"), "title", ""), "soup"))


def _reading(what: str) -> Way:
    """Return the way of an incoming analysis."""

    def way(asked: Asked) -> Thing | None:
        row = asked.row("batch", "task_batch")
        found = RawBatch.objects.select_related("raw_material", "supplier")
        batch = found.filter(pk=int(row.id)).first() if row is not None else None
        material = batch.raw_material.name if batch and batch.raw_material else "Каркас"
        supplier = batch.supplier.name if batch and batch.supplier else ""
        return typed(measured(what, material, supplier, asked.now.date(), asked.chance))

    return way


def _good(asked: Asked) -> Thing | None:
    return asked.option("bad" if asked.chance.random() < 0.004 else "good")


def _broth(asked: Asked) -> Thing | None:
    return asked.option(asked.chance.choices(["clear", "translucent", "cloudy"], [6, 3, 1])[0])


def _antibiotic(asked: Asked) -> Thing | None:
    found = asked.happens("positive antibiotic", asked.chance)
    return asked.option("positive" if found else "negative")


def _mix_reading(what: str) -> Way:
    """Return the way of a mix's analysis: about the norm of its recipe, seldom outside."""

    def way(asked: Asked) -> Thing | None:
        row = asked.row("mix", "task_mix")
        mixes = Mix.objects.select_related("order__recipe_version")
        mix = mixes.filter(pk=int(row.id)).first() if row is not None else None
        norm = mix.order.recipe_version if mix is not None and mix.order is not None else None
        if norm is None:
            return None
        most = float(getattr(norm, f"{what}_plus"))
        off = most * 1.4 if asked.chance.random() < MIX_FAILS else asked.chance.gauss(0, most / 4)
        return typed(digits(float(getattr(norm, what)) + off, 2))

    return way


def _ash(asked: Asked) -> Thing | None:
    return typed(digits(abs(asked.chance.gauss(3.0, 0.5)), 2))


def _checked(asked: Asked) -> Thing | None:
    """Read a check of the plan: the store is cold, the meat of a line cool; seldom it is not."""
    row = asked.row("check")
    of_line = row is not None and row.fields.get("line") is not None
    least, most = (0.5, 3.5) if of_line else (-18.9, -17.1)
    off = 1.5 if asked.chance.random() < CHECK_FAILS else 0
    return typed(digits(asked.chance.uniform(least, most) + off, 1))


def _marked(asked: Asked) -> Thing | None:
    return asked.option("bad" if asked.chance.random() < CHECK_FAILS else "good")


def _rows(least: int, most: int) -> Callable[[Asked], None]:
    def meant(asked: Asked) -> None:
        asked.kept(f"rows {asked.name}", lambda: asked.chance.randint(least, most))

    return meant


def _several(least: int, most: int) -> Way:
    """Return the way of a list: so many rows are meant."""
    mean = _rows(least, most)

    def way(asked: Asked) -> Thing | None:
        mean(asked)
        return None

    return way


def _blank_kg(asked: Asked) -> Thing | None:
    _, most = asked.range
    if most < 1500:
        return asked.ready()
    return typed(digits(min(most, asked.chance.randint(8, 30) * 100), 3))


def _recipe(asked: Asked) -> Thing | None:
    """Choose a recipe whose norm the composition meets, if there is one."""
    fitting = asked.draft.evaluate(f"fitting_recipes({LINES[asked.session.flow]}, items)")
    names = {name.strip() for name in str(fitting).split(",")}
    fits = [one for one in asked.options() if str(one.title) in names]
    return asked.chance.choice(fits) if fits else None


def _order_kg(asked: Asked) -> Thing | None:
    """Take a part of what is free, which the range of the question need not say."""
    free = asked.value("free")
    most = min(asked.range[1], float(free) if isinstance(free, Decimal) else asked.range[1])
    if most < 2000:
        return asked.ready()
    rows = asked.kept(f"rows {asked.session.flow}.items", lambda: 1)
    wanted = _meant(asked) * asked.chance.randint(SMALLEST_MIX, LARGEST_MIX) / rows
    return typed(digits(min(most, round(wanted, -2)), 3))


def _mixes(asked: Asked) -> Thing | None:
    """Say as many mixes as the day's plan has, or as the meat is enough for."""
    total = asked.draft.evaluate("sum(items.kg)")
    if not isinstance(total, Decimal):
        return None
    enough = round(float(total) / asked.chance.randint(SMALLEST_MIX, LARGEST_MIX))
    if SMALLEST_MIX <= float(total) / _meant(asked) <= LARGEST_MIX:
        enough = _meant(asked)
    return typed(max(1, min(enough, _meant(asked))))


def _meant(asked: Asked) -> int:
    """Return of how many mixes the order is to be."""
    return int(asked.memory.get(MIXES, USUAL_MIXES))


def _actual(asked: Asked) -> Thing | None:
    row = asked.row("row")
    planned = row.fields.get("kg_planned") if row is not None else None
    if not isinstance(planned, Decimal) or asked.chance.random() < 0.3:
        return asked.ready()
    off = asked.chance.gauss(0, 25) if asked.chance.random() > 0.05 else -160.0
    return typed(digits(max(1.0, float(planned) + off), 3))


def _after_defrost(asked: Asked) -> Thing | None:
    _, most = asked.range
    skip = asked.act("skip")
    if skip is not None and asked.chance.random() < 0.2:
        return skip
    return typed(digits(most * (1 - abs(asked.chance.gauss(0.03, 0.01))), 3))


def _core(asked: Asked) -> Thing | None:
    return typed(digits(asked.chance.uniform(-24, -18.5), 1))


def _thawed(asked: Asked) -> Thing | None:
    return typed(digits(asked.chance.uniform(-3, -0.5), 1))


def _pallet_number(asked: Asked) -> Thing | None:
    return typed(asked.chance.randint(1, 9999))


def _boxes(asked: Asked) -> Thing | None:
    return typed(asked.kept("boxes", lambda: asked.chance.randint(30, 45)))


def _gross(asked: Asked) -> Thing | None:
    """Weigh a pallet: 900 kg or so, or what its boxes weigh."""
    boxes = asked.value("box_count")
    if isinstance(boxes, int | Decimal) and boxes:
        return typed(digits(float(boxes) * asked.chance.uniform(19, 21) + 20, 1))
    expected = asked.value("expected_net")
    base = float(expected) if isinstance(expected, Decimal) and expected > 0 else 900.0
    return typed(digits(base * asked.chance.uniform(0.98, 1.02) + 40, 1))


def _to_store(asked: Asked) -> Thing | None:
    """Weigh a pallet that comes to the store; of a remainder there is no more than there is."""
    most = asked.value("most")
    if isinstance(most, Decimal) and most < 900:
        return typed(digits(float(most) * asked.chance.uniform(0.6, 0.9) + 40, 1))
    return _gross(asked)


def _with_cart(asked: Asked) -> Thing | None:
    return typed(digits(asked.chance.uniform(150, 450), 1))


def _rest(asked: Asked) -> Thing | None:
    return typed(asked.kept("rest", lambda: asked.chance.randint(6, 25)))


def _rest_gross(asked: Asked) -> Thing | None:
    """Weigh the boxes of remains, with the pallet when it is a new one."""
    count, over = asked.value("box_count"), asked.value("overflow")
    if not isinstance(count, int | Decimal) or not isinstance(over, int | Decimal):
        return None
    pallet = 0 if asked.value("have") else 20
    return typed(digits(float(count - over) * asked.chance.uniform(19, 21) + pallet, 1))


def _pallet_weight(asked: Asked) -> Thing | None:
    return typed(digits(asked.chance.uniform(18, 24), 1))


def _packaging(asked: Asked) -> Thing | None:
    return typed(digits(asked.chance.uniform(12, 20), 1))


def _blocks(asked: Asked) -> Thing | None:
    return typed(asked.chance.randint(40, 60))


def _coded(*codes: str) -> Way:
    return lambda asked: asked.option(asked.chance.choice(codes))


OWN: dict[str, Way] = {
    "raw_intake.expected": _expected,
    "ccp_check.reading": _checked,
    "ccp_check.how_many": lambda asked: "0",
    "ccp_check.marked": _marked,
    "raw_intake.material": _material,
    "raw_intake.nomenclature": _nomenclature,
    "raw_intake.condition": _condition,
    "raw_intake.body_temp": _temperature,
    "raw_intake.product_temp": _temperature,
    "raw_intake.manufacture_date": _made,
    "raw_intake.ttn_number": _waybill,
    "raw_intake.weight": _delivered,
    "raw_intake.accounting_type": _accounting,
    "raw_intake.tags_number": lambda asked: typed(asked.chance.randint(6, 40)),
    "raw_intake.supplier_match": _coded("same"),
    **{f"raw_analysis.{what}": _reading(what) for what in ("fat", "protein", "moisture")},
    **dict.fromkeys(
        (f"raw_analysis.{field}" for field in ("appearance", "smell", "colour", "broth_aroma")),
        _good,
    ),
    "raw_analysis.broth_quality": _broth,
    **dict.fromkeys(
        (
            f"raw_analysis.{field}"
            for field in ("beta_lactams", "chloramphenicols", "tetracyclines", "streptomycins")
        ),
        _antibiotic,
    ),
    "certificate_check.decision": _coded("confirm"),
    "new_blank.items": _several(2, 4),
    "new_blank.items.kg": _blank_kg,
    "weigh_blank.lines.actual": _actual,
    "defrost_finish.after": _coded(*["finish"] * 19, "repeat"),
    "defrost_finish.weight_after": _after_defrost,
    "defrost_finish.core_temp": _thawed,
    "new_minced_order.items": _several(2, 4),
    "new_minced_order.items.kg": _order_kg,
    "new_minced_order.number_mix": _mixes,
    "new_minced_order.recipe": _recipe,
    "new_minced_order.line_mode": _coded("line_1", "line_1", "line_2", "line_2", "both"),
    "new_minced_order.shift": _coded(*["current"] * 9, "night"),
    "new_mko_order.items": _several(1, 3),
    "new_mko_order.items.kg": _order_kg,
    "new_mko_order.number_mix": _mixes,
    "new_mko_order.recipe": _recipe,
    "new_mko_order.shift": _coded(*["current"] * 9, "night"),
    **{f"mix_analysis.{what}": _mix_reading(what) for what in ("fat", "protein", "moisture")},
    "ash_analysis.ash": _ash,
    "unload_plate.pallets": _several(1, 1),
    "unload_plate.core_temp": _core,
    "unload_shock.core_temp": _core,
    "add_second_minced.weight": _with_cart,
    "add_second_minced.cart": lambda asked: asked.ready(asked.chance.randint(0, 1)),
    "buffer_pallet.box_count": _rest,
    "buffer_pallet.gross": _rest_gross,
    "manual_acceptance.weights.gross": _to_store,
    "expected_delivery.action": _coded("add"),
    "*.pallet_number": _pallet_number,
    "*.box_count": _boxes,
    "*.gross": _gross,
    "*.pallet_weight": _pallet_weight,
    "*.packaging_weight": _packaging,
    "*.block_count": _blocks,
}
assert set(MATERIALS) <= set(COMPOSITION)
