"""What kinds of posting documents are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REVERSE = "reverse_"
TITLES: Mapping[str, str | Promise] = {
    "receipt": _("Приёмка"),
    "weigh_blank": _("Взвешивание заготовки"),
    "drip": _("Потери при дефростации"),
    "discharge": _("Списание на замес"),
    "register_second_minced": _("Занесение вторичной партии"),
    "accept_pallet": _("Приёмка паллета на склад"),
    "weighed_over": _("Взвешено больше остатка"),
    "weigh_rework": _("Вторфарш на паллете взвешен заново"),
    "convert_pallet": _("Паллет в вторфарш"),
    "ship_pallet": _("Отгрузка"),
    "send_back": _("Возврат поставщику"),
    "dispose": _("Утилизация"),
    "scrap": _("Списание"),
    "scrap_second_minced": _("Списание вторичной партии"),
    "sample": _("Проба"),
    "adjust": _("Корректировка"),
    "link_origin": _("Связано с партией фарша"),
}


def event_title(kind: str) -> str:
    """Return what a kind of event is called, of a reversing one what it undoes; one without a name
    is shown by its code."""
    if kind.startswith(REVERSE):
        what = event_title(kind.removeprefix(REVERSE))
        return gettext("Отмена: {what}").format(what=what.lower())
    return str(TITLES.get(kind, kind))
