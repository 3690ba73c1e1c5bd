"""What the label of a pallet says beside its own numbers (domain 14.8)."""

from __future__ import annotations

from crm.configuration import settings
from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.models import Mix, Pallet, SecondMinced
from crm.production.operations.weigh_pallet import produced_on
from crm.quality.usable import Use, blocking

LINK = "https://t.me/{bot}?start={code}"
HELD = "ЗАБЛОКИРОВАНО"


def label_of(lot: Lot) -> Line:
    """Return the recipe, the orders with their mixes or the second-minced lots, the day of
    production, what is weighed along in kilograms, the link that the QR code carries (the code
    alone where the bot has no name), and the mark of a held pallet. A lot that is no pallet has
    none of it."""
    pallet = Pallet.objects.select_related("recipe").filter(lot=lot).first()
    if pallet is None:
        return Line(str(lot.pk), "", dict.fromkeys(FIELDS))
    weighed = [one for one in (pallet.pallet_weight, pallet.packaging_weight) if one is not None]
    fields = {
        "recipe": str(pallet.recipe) if pallet.recipe else None,
        "content": _content(pallet) or None,
        "produced_on": produced_on(pallet),
        "tare": sum(weighed) if weighed else None,
        "link": link_to(pallet.label_code),
        "held": HELD if blocking(lot, Use.SHIPPING) else None,
    }
    return Line(str(lot.pk), str(pallet), fields)


def _content(pallet: Pallet) -> str:
    """Name what is on it: «Ф221120261/3, замес 2», a mix without an order by its number."""
    said = []
    for item in pallet.items.select_related("lot").order_by("pk"):
        record = item.lot.record
        if isinstance(record, Mix) and record.order is not None:
            said.append(f"{record.order.number}, замес {record.index}")
        elif isinstance(record, Mix | SecondMinced):
            said.append(str(record))
    return "; ".join(said)


def link_to(code: str) -> str:
    """Return the link that opens the bot with a code; the code alone where the bot has no name."""
    bot = settings().telegram_bot_name
    return LINK.format(bot=bot, code=code) if bot else code


FIELDS = {
    "recipe": "text?",
    "content": "text?",
    "produced_on": "date?",
    "tare": "number kg?",
    "link": "text?",
    "held": "text?",
}
FACT = Fact(
    params=("lot",), result="pallet_label", answer=label_of, records={"pallet_label": FIELDS}
)
