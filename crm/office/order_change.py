"""«Изменить партию» (domain 4.47): the number of mixes, kilograms of each component, which mixes on
the line are issued again. «Изменить очередь» (6.3): whose mixes enter a line first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.records import row_of
from crm.office.correction import Asks, Kilograms, Values, by_transition
from crm.production.models import MincedOrder, Mix, OrderItem
from crm.production.models.mix import DISCHARGED, ON_LINE
from crm.production.operations.change_order import MOST_MIXES
from crm.production.operations.move_in_queue import FIRST, LAST
from engine.model.values import Row, Value


def _asks(order: MincedOrder) -> Asks:
    out = order.mixes.filter(state__in=DISCHARGED).count()
    least = max(out, 1)
    number = forms.IntegerField(
        label=_("Замесов"),
        initial=order.number_mix,
        min_value=least,
        max_value=MOST_MIXES,
        help_text=gettext("Уже вышло из миксера: {out}. От {least} до {most}").format(
            out=out, least=least, most=MOST_MIXES
        ),
    )
    masses = {
        _field(item): Kilograms(
            label=gettext("{what}, кг").format(
                what=f"{item.lot.get_kind_display()} {item.lot.record}"
            ),
            initial=item.kg_to_take,
        )
        for item in _items(order)
    }
    on_line = order.mixes.filter(state__in=ON_LINE).order_by("index")
    again = forms.ModelMultipleChoiceField(
        label=_("Выдать заново"),
        queryset=on_line,
        initial=on_line,  # each is ticked until somebody takes the tick away (domain 4.47)
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Замесы на линии: отмеченные начнутся сначала, остальные пойдут как есть"),
    )
    return {"number_mix": number, **masses, "again": again}


def _gives(order: MincedOrder, values: Values) -> Mapping[str, Value]:
    items = tuple(
        Row("changed_line", str(at), "", {"item": row_of(item), "kg": values[_field(item)]})
        for at, item in enumerate(_items(order))
        if values[_field(item)] != item.kg_to_take
    )
    again: list[Mix] = list(values["again"])
    return {
        "number_mix": values["number_mix"],
        "items": items,
        "again": tuple(row_of(mix) for mix in again),
    }


def _items(order: MincedOrder) -> Any:
    return order.items.select_related("lot").order_by("position")


def _field(item: OrderItem) -> str:
    return f"kg_{item.pk}"


CHANGE = by_transition(
    "minced_order",
    "change",
    _(
        "Новый план проверяется по остаткам. Лишние замесы из очереди отменяются, недостающие "
        "добавляются. Замесы, которые уже вышли из миксера, не меняются."
    ),
    asks=_asks,
    gives=_gives,
    page="plan",
)


def _asks_place(order: MincedOrder) -> Asks:
    place = forms.IntegerField(
        label=_("Очередь"),
        initial=order.priority,
        min_value=FIRST,
        max_value=LAST,
        help_text=_("От 1 до 9: первыми идут замесы партии с меньшим числом. Обычная очередь 5"),
    )
    return {"place": place}


QUEUE = by_transition(
    "minced_order",
    "move_in_queue",
    _("Замесы в очереди встанут по новому порядку; те, что уже на линии, пройдут до конца."),
    asks=_asks_place,
    gives=lambda order, values: {"place": values["place"]},
    page="priority",
)
