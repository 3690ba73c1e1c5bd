"""Correct the weights of a pallet before it is shipped (domain 11.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.ledger.operations.reverse import reverse
from crm.people.models import Person
from crm.production.boxes import box_net
from crm.production.models import Pallet
from crm.production.operations.accept_pallet import accept_pallet, accepted_by
from crm.production.operations.shipments import keep_for, let_off, line_of
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

EDITABLE = (
    Pallet.State.OPEN,
    Pallet.State.UNLOADED,
    Pallet.State.PALLETIZING,
    Pallet.State.IN_STOCK,
    Pallet.State.RESERVED,
)
STANDING = (Pallet.State.IN_STOCK, Pallet.State.RESERVED)
LEAST_NET = Decimal("0.010")  # kilograms


@transaction.atomic
def edit_pallet(
    by: Person,
    *,
    pallet: Pallet,
    gross: Decimal,
    pallet_weight: Decimal,
    packaging_weight: Decimal,
    reason: str,
    at: datetime,
) -> None:
    """Write other weights; of a pallet on stock the acceptance is reversed and done anew, so that
    the difference is posted; вторфарш is weighed anew under its lots. A shipment that it is in
    keeps all of it, as before. Of one that went to a freezer in boxes and was not palletized yet
    they say what is expected of it, without its boxes (domain Q3).

    Raises Refused in another state and for a net below 10 g."""
    if pallet.state not in EDITABLE or pallet.gross is None:
        text = Message("Вес паллета {number} изменить нельзя: {state}")
        state = state_said(pallet)
        raise Refused(Refusal(text, {"number": str(pallet), "state": state}))
    weighed = pallet.net is not None
    boxes = 0 if weighed else pallet.box_count or 0
    net = box_net(gross, boxes, pallet_weight + packaging_weight)
    if net < LEAST_NET:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(net, 3)}))
    event, accepted_at = accepted_by(pallet), pallet.accepted_at
    line = line_of(pallet)
    if line is not None:
        let_off(line)
    if event is not None:
        reverse(event, by=by, reason=reason, occurred_at=at)
    weights = {
        "gross": gross,
        "pallet_weight": pallet_weight,
        "packaging_weight": packaging_weight,
        "net" if weighed else "net_expected": net,
    }
    overwrite(pallet, weights, Why(by, at, reason))
    if pallet.state in STANDING:
        pallet.lot.refresh_from_db()  # its birth was taken back
        accept_pallet(by, at=at, pallet=pallet)
        pallet.accepted_at = accepted_at
        pallet.save(update_fields=["accepted_at"])
        if line is not None:
            keep_for(line, at)
