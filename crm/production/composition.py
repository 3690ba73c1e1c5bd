"""What a planned order is made of: the lines of its form as lots, checked (domain 4.17, 4.18)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.catalogue.models import RecipeVersion
from crm.fact import Line
from crm.ledger.models import Lot
from crm.production.component_waits import BATCH_STATES, BLANK_STATES
from crm.production.models import Blank, RawBatch
from crm.production.models.choices import ProductLine
from crm.production.rework import drawn, planned_of, refusal
from crm.quality.usable import Use, refuse_blocked
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

Planned = tuple[Lot, Decimal]  # kilograms


def composed(product_line: str, norm: RecipeVersion | None, items: Sequence[Line]) -> list[Planned]:
    """Return the lots that an order is planned of, вторфарш by its lots, oldest first.

    Raises Refused for a line that may not be planned, for a hold, for more вторфарш than there is
    and for more than the recipe allows."""
    found = [planned for line in items if (planned := _line(product_line, line)) is not None]
    wanted = planned_of(items)
    if wanted:
        found += _rework(product_line, norm, items, wanted)
    if not found:
        raise Refused(Refusal("Добавьте хотя бы один компонент", again="items"))
    if len({lot.pk for lot, _ in found}) < len(found):
        raise Refused(Refusal("Один компонент стоит в двух строках: сложите их", again="items"))
    refuse_blocked([lot for lot, _ in found], Use.PLANNING)
    return found


def _line(product_line: str, line: Line) -> Planned | None:
    kg = line["kg"]
    if not isinstance(kg, Decimal) or kg <= 0:
        raise Refused(Refusal("Масса строки должна быть больше нуля", again="items"))
    if line["batch"] is not None:
        return _batch(product_line, line["batch"]), kg
    return (_blank(product_line, line["blank"]), kg) if line["blank"] is not None else None


def _batch(product_line: str, batch: RawBatch) -> Lot:
    if product_line != ProductLine.MMO or batch.condition != RawBatch.Condition.CHILLED:
        text = Message("Партию {number} в этот фарш не берут: нужно охлаждённое сырьё для ММО")
        raise Refused(Refusal(text, {"number": str(batch)}, again="items"))
    if batch.state not in BATCH_STATES:
        text = Message("Партию {number} планировать нельзя: {state}. Уберите её строку")
        state = state_said(batch)
        raise Refused(Refusal(text, {"number": str(batch), "state": state}, again="items"))
    return batch.lot


def _blank(product_line: str, blank: Blank) -> Lot:
    if blank.product_line != product_line:
        text = Message("Заготовка {number} для другого фарша. Уберите её строку")
        raise Refused(Refusal(text, {"number": str(blank)}, again="items"))
    if blank.state not in BLANK_STATES:
        text = Message("Заготовку {number} планировать нельзя: {state}. Уберите её строку")
        state = state_said(blank)
        raise Refused(Refusal(text, {"number": str(blank), "state": state}, again="items"))
    return blank.lot


def _rework(
    product_line: str, norm: RecipeVersion | None, items: Sequence[Line], wanted: Decimal
) -> list[Planned]:
    if product_line != ProductLine.MKO:
        raise Refused(Refusal("Вторфарш берут только в пет-фуд", again="items"))
    portions = drawn(wanted)
    lacking = wanted - sum((kg for _, kg in portions), Decimal(0))
    if lacking:
        text = Message("Не хватает {kg} кг. Баланс не может уйти в минус")
        raise Refused(Refusal(text, {"kg": show_number(lacking, 3)}, again="items"))
    broken = refusal(norm, items)
    if broken is not None:
        raise Refused(Refusal(broken.text, broken.values, again="items"))
    return [(lot.lot, kg) for lot, kg in portions]
