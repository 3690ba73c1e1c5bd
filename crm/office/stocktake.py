"""«Инвентаризация» (domain 11.4): what was counted of many lots of a store, shown as what it will
change, posted in one transaction. A difference above 50 kg needs two persons: it is made on the
card of its lot («Исправить остаток»). Start at `stocktake`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Account, Balance, Event, Lot
from crm.ledger.operations.adjust import ALONE_KG, adjust
from crm.ledger.operations.take_out import checked_reason
from crm.ledger.stock import kept
from crm.office import acts, exports, parts
from crm.office.base import acting
from crm.office.card import Cell, Section, kg
from crm.office.correction import Kilograms
from crm.office.language import in_russian, said
from crm.office.preview import preview
from crm.office.rights import acting_as
from crm.people.models import Person
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.ports import Context

RIGHT = "ledger.add_event"
# The pallets of the fifth one are weighed one by one: «Изменить вес».
STORES = (Account.RAW_STORE, Account.BLANK_STORE, Account.REWORK_STORE, Account.MKO_STORE)
MOST = 300  # lots of a page


@dataclass(frozen=True, slots=True)
class Line:
    """A lot on the store: what it is called, what the books say, what was typed, what is wrong with
    that."""

    lot: Lot
    what: Cell
    there: Cell
    reserved: Cell
    typed: str
    fault: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"lot_{self.lot.pk}"


def stocktake(request: HttpRequest, site: Any) -> HttpResponse:
    """Ask for what was counted, show what it will change, and post it."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    given = request.POST if request.method == "POST" else request.GET
    store = next((one for one in STORES if one.value == given.get("store")), STORES[0])
    balances = list(kept(store).select_related("lot").order_by("-lot_id")[: MOST + 1])
    lines, counted = _lines(balances[:MOST], given)
    error, sections = "", None
    step, session = given.get("step", ""), _session(given.get("session", ""))
    if request.method == "POST" and step in ("show", "apply"):
        try:
            at, why = timezone.localtime(), request.POST.get("reason", "")
            reason = _checked(lines, counted, why)
            do = partial(_count, request, counted, reason, session, at)
            if step == "apply":
                with transaction.atomic():
                    do()
                _record(request, store, len(counted), reason)
                return HttpResponseRedirect(f"{reverse('admin:stocktake')}?store={store.value}")
            sections = preview(do, at)
        except Refused as refused:
            error = said(refused.refusal.said)
    context = {
        **site.each_context(request),
        **_shown(store, lines, sections),
        "title": gettext("Инвентаризация"),
        "alone": ALONE_KG,
        "error": error,
        "session": session,
        "reason": given.get("reason", ""),
        "more": len(balances) > MOST,
        "most": MOST,
    }
    return TemplateResponse(request, "office/stocktake.html", context)


def _record(request: HttpRequest, store: Account, count: int, reason: str) -> None:
    with in_russian():
        words = {"store": str(store.label), "count": str(count), "reason": reason}
        title = gettext("Инвентаризация")
        exports.record(request, Event, title, acts.COUNTED.with_values(words))


def _shown(
    store: Account, lines: Sequence[Line], sections: Sequence[Section] | None
) -> dict[str, Any]:
    typed = [line for line in lines if line.typed]
    stores = [(one.value, one.label) for one in STORES]
    return {
        "store": store.value,
        "stores": stores,
        "lines": lines if sections is None else typed,
        "sections": sections,
    }


def _lines(
    balances: Sequence[Balance], given: Mapping[str, str]
) -> tuple[list[Line], dict[int, Decimal]]:
    """Return the lots with what was typed for each, and the kilograms that were counted."""
    lots = parts.lots_by_id(one.lot_id for one in balances)
    counted: dict[int, Decimal] = {}
    lines = []
    for one in balances:
        lot, typed, fault = lots[one.lot_id], given.get(f"lot_{one.lot_id}", "").strip(), ""
        if typed:
            try:
                counted[lot.pk] = Kilograms(label="").clean(typed)
            except ValidationError as wrong:
                fault = " ".join(wrong.messages)
        lines.append(
            Line(lot, parts.lot_cell(lot), kg(one.physical), kg(one.reserved), typed, fault)
        )
    return lines, counted


def _checked(lines: Sequence[Line], counted: Mapping[int, Decimal], reason: str) -> str:
    """Return the reason. Raises Refused when something typed is no number, or nothing is."""
    if any(line.fault for line in lines):
        raise Refused(Refusal("Исправьте отмеченные строки"))
    if not counted:
        raise Refused(Refusal("Впишите, сколько насчитали, хотя бы в одну строку"))
    return checked_reason(reason)


def _count(
    request: HttpRequest,
    counted: Mapping[int, Decimal],
    reason: str,
    session: UUID,
    at: datetime,
) -> None:
    """Post the difference of each lot. Raises Refused with the lot that may not be so."""
    by: Person = acting(request)
    touched = []
    lots = parts.lots_by_id(counted)
    for key in sorted(counted):
        lot = lots[key]
        try:
            adjust(by, lot=lot, counted=counted[key], reason=reason, session=session, at=at)
        except Refused as refused:
            text = Message("{lot}: {why}")
            words = {"lot": str(lot.record), "why": refused.refusal.said}
            raise Refused(Refusal(text, words)) from None
        touched.append(row_of(lot.record))
    context = Context(actor=acting_as(request), session=str(session), at=at)
    DjangoOperations(program()).settle(touched, context)


def _session(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:  # a new form
        return uuid4()
