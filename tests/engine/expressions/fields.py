"""A scope with one field of each type, and values for them: what the tests here speak about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from engine.expressions.scope import Scope, Signature
from engine.expressions.types import Choice, ListOf, Number, Record, Type, read_type
from engine.model.files import FileRef
from engine.model.values import Option, Row
from engine.model.zone import plant_zone

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=plant_zone("UTC", time(7)))


def _types(**notations: str) -> dict[str, Type]:
    return {name: read_type(notation) for name, notation in notations.items()}


FIELDS = _types(
    weight="number kg",
    gross="number kg",
    docs="number kg?",
    body_temp="number °C",
    share="number %",
    ratio="number",
    places="integer",
    condition="choice(chilled, frozen)",
    was="choice(chilled, frozen)?",
    route="choice(plate, shock)",
    comment="text",
    note="text?",
    washed="bool",
    checked="bool?",
    made="date",
    due="date?",
    at="datetime",
    kept="duration",
    hour="time",
    photos="files",
    batch="raw_batch",
    expected="raw_batch?",
    items="list of item",
    marks="list of text",
    answers="answers",
)
FIELDS["cart"] = Choice(("one", "two"), Number("kg"))
FIELDS["rows"] = ListOf(Record("rows[]"))
RECORDS = {
    "raw_batch": _types(
        number="text?",
        kg="number kg",
        condition="choice(chilled, frozen)",
        raw_material="raw_material",
        company="company?",
    ),
    "raw_material": _types(name="text"),
    "company": _types(name="text"),
    "item": _types(kg="number kg", name="text", done="bool", lost="number kg?"),
    "rows[]": _types(batch="raw_batch", kg="number kg", note="text?"),
    "wanted": _types(batch="raw_batch", kg="number kg", extra="text?"),
    "order": _types(items="list of item"),
}
FACTS = {
    "available": Signature((read_type("raw_batch"),), read_type("number kg")),
    "usable": Signature(
        (read_type("raw_batch"), read_type("choice(process, ship)")), read_type("bool")
    ),
    "late": Signature((), read_type("bool")),
    "blend": Signature((read_type("list of wanted"),), read_type("number %")),
    "frozen_batches": Signature((), read_type("list of raw_batch")),
}
SCOPE = Scope(FIELDS, RECORDS, FACTS, positive=frozenset({"gross"}))

MATERIAL = Row("raw_material", "m1", "Каркас", {"name": "Каркас"})
BATCH = Row(
    "raw_batch",
    "b1",
    "2411/3",
    {
        "number": "2411/3",
        "kg": Decimal("120.5"),
        "condition": Option("frozen", "Замороженное"),
        "raw_material": MATERIAL,
        "company": None,
    },
)
ITEMS = tuple(
    Row(
        "item",
        str(at),
        "",
        {"kg": Decimal(at), "name": f"место {at}", "done": at < 3, "lost": None},
    )
    for at in (1, 2, 3)
)
ENV: dict[str, object] = {
    "weight": Decimal("18.5"),
    "gross": Decimal("20"),
    "docs": None,
    "body_temp": Decimal("-8.5"),
    "share": Decimal("12.5"),
    "ratio": Decimal("0.25"),
    "places": 7,
    "condition": Option("frozen", "Замороженное"),
    "was": None,
    "route": Option("plate", "Плиты"),
    "comment": "тёплый кузов",
    "note": None,
    "washed": True,
    "checked": None,
    "made": date(2026, 11, 20),
    "due": None,
    "at": NOW,
    "kept": NOW - datetime(2026, 11, 23, tzinfo=UTC),
    "hour": time(9, 30),
    "cart": Option("", "12,5", number=Decimal("12.5")),
    "rows": (Row("rows[]", "1", "", {"batch": BATCH, "kg": Decimal(2), "note": None}),),
    "photos": (FileRef("f1", "0" * 64, 10, "image/jpeg"),),
    "batch": BATCH,
    "expected": None,
    "items": ITEMS,
    "marks": ("а", "б"),
    "answers": {},
}
