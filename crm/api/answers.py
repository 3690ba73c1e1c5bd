"""What the API answers. Kilograms are text with three digits, per cents with two: no program loses
a gram by reading them as binary fractions. Moments are ISO 8601 with the zone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Field, Schema
from pydantic import PlainSerializer, WithJsonSchema


def _as_text(places: int) -> PlainSerializer:
    return PlainSerializer(lambda number: f"{number:.{places}f}", return_type=str)


def _in_schema(places: int, about: str) -> WithJsonSchema:
    pattern = rf"^-?\d+\.\d{{{places}}}$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": about})


Kg = Annotated[Decimal, _as_text(3), _in_schema(3, "Kilograms.")]
Percent = Annotated[Decimal, _as_text(2), _in_schema(2, "Per cent.")]


class LotName(Schema):
    """How a lot is called and where it stands."""

    id: int
    kind: str = Field(description="raw_batch, blank, mix, second_minced or pallet.")
    number: str = Field(description="What people call it; empty before it has a number.")
    full_number: str = Field(description="The number that no other year (of a pallet, day) has.")
    state: str = Field(description="The code of the state.")
    state_title: str = Field(description="The state in words.")


class Lots(Schema):
    """A page of lots, the newest first."""

    lots: list[LotName]
    before: int | None = Field(description="Ask with it for the next page; null on the last one.")


class Found(Schema):
    """A page of the lots that a number means."""

    total: int = Field(description="How many lots the number means.")
    lots: list[LotName]


class Hold(Schema):
    """A hold that forbids a use."""

    use: str = Field(description="planning, physical, freezing or shipping.")
    kind: str
    reason: str
    lot: int = Field(description="The lot that is held: this one, or one that it was made of.")


class LotCard(LotName):
    """A lot at a glance."""

    created_at: datetime
    made_kg: Kg | None = Field(description="What it came to be with; null while it is planned.")
    stored_kg: Kg = Field(description="What of it is on the stores.")
    free_kg: Kg = Field(description="What of that is not reserved.")
    blocked: list[Hold]


class Part(Schema):
    """A lot of a trace."""

    lot: int
    kind: str
    number: str
    state: str
    kg: Kg = Field(description="Its whole mass.")
    suspect_kg: Kg = Field(description="How much of that is of the traced lot, or went into it.")
    share_percent: Percent = Field(description="Which share of the traced lot's mass that is.")


class Link(Schema):
    """Kilograms of a parent that went into a child."""

    parent: int
    child: int
    kg: Kg
    kind: str
    estimated: bool = Field(description="Divided, not weighed.")


class Traced(Schema):
    """A page of a trace: lots by falling shares, the traced one among them, and the links that lead
    to them."""

    lot: int
    number: str
    way: str
    kg: Kg
    total: int = Field(description="How many lots the whole trace has.")
    parts: list[Part]
    links: list[Link]


class MassBalance(Schema):
    """Where a mass is."""

    received: Kg
    on_hand: Kg
    in_process: Kg
    shipped: Kg
    sent_back: Kg
    losses: Kg
    samples: Kg
    scrap: Kg
    corrections: Kg
    unexplained: Kg
    accounted: Percent


class Shipped(Schema):
    """What a customer has."""

    lot: int
    customer: str = Field(description="Empty when no shipment says it.")
    shipment: str
    at: datetime | None
    kg: Kg


class Recalled(Schema):
    """What a recall of a lot means; `shipped` is a page, the latest first."""

    lot: int
    lots: int = Field(description="How many lots are affected, this one included.")
    suspect: MassBalance = Field(description="The recalled mass, divided by shares.")
    product: MassBalance = Field(description="Affected pallets, and rework that was sold, whole.")
    shipped_total: int
    shipped: list[Shipped]


class Store(Schema):
    """A store and what is on it."""

    store: str
    title: str
    kg: Kg
    reserved_kg: Kg


class Stores(Schema):
    """Every store."""

    at: datetime
    stores: list[Store]


class Stored(LotName):
    """What of a lot is on a store."""

    kg: Kg
    reserved_kg: Kg
    free_kg: Kg
    day: date = Field(description="The day that the number belongs to, else a day of its year.")
    blocked: bool = Field(description="Whether a hold forbids to plan, or of a pallet to ship, it.")


class StoredLots(Schema):
    """A page of what is on a store, in the order of the lots."""

    store: str
    lots: list[Stored]
    after: int | None = Field(description="Ask with it for the next page; null on the last one.")
