"""The search for veterinary documents by the number of a waybill, scripted (domain 12.1.7).

The number selects what is found, ignoring case; any other number finds nothing after a moment. The
client of the state system takes the place of this module later; its typed result stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.jobs.function import Function
from engine.model.values import Option, Row, Value

SENDERS = ("Птицефабрика «Примерная»", "Птицефабрика «Образцовая»")
OUTCOMES: Mapping[str, str] = {
    "found": "найдены",
    "not_found": "не найдены",
    "rejected": "заявка отклонена",
    "timed_out": "нет ответа",
    "unavailable": "система недоступна",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What one number comes to, and after how long. `shelf_days` is what is left of each document
    that is found."""

    outcome: str
    after: timedelta = timedelta(seconds=1)
    reason: str | None = None
    shelf_days: tuple[int, ...] = ()
    withdrawn: bool = False


CASES: Mapping[str, Case] = {
    "OK-1": Case("found", shelf_days=(180,)),
    "OK-3": Case("found", shelf_days=(180, 120, 90)),
    "NONE": Case("not_found"),
    "REJ": Case("rejected", reason="APLM0012: предприятие не найдено"),
    "SLOW": Case("found", timedelta(minutes=4), shelf_days=(180,)),
    "TIMEOUT": Case("timed_out", timedelta(minutes=6)),
    "ERR500": Case("unavailable"),
    "EXPIRED": Case("found", shelf_days=(0,)),
    "WITHDRAWN": Case("found", shelf_days=(180, 180), withdrawn=True),
}
ANY_OTHER = Case("not_found")


def _case(arguments: Mapping[str, Value]) -> Case:
    return CASES.get(str(arguments["ttn_number"]).strip().upper(), ANY_OTHER)


def after(arguments: Mapping[str, Value]) -> timedelta:
    """Return how long the search for a number takes."""
    return _case(arguments).after


def search(arguments: Mapping[str, Value], now: datetime) -> Row:
    """Return what is found for a number."""
    case, today = _case(arguments), now.date()
    documents = tuple(
        _document(number, days, today, withdrawn=case.withdrawn and number == 1)
        for number, days in enumerate(case.shelf_days, start=1)
    )
    fields: dict[str, Value] = {
        "outcome": Option(case.outcome, OUTCOMES[case.outcome]),
        "reason": case.reason,
        "documents": documents,
    }
    return Row("vet_search_result", str(arguments["ttn_number"]), case.outcome, fields)


def _document(number: int, days: int, today: date, *, withdrawn: bool) -> Row:
    produced = today - timedelta(days=number)
    uuid = f"00000000-0000-4000-8000-{number:012}"
    sender = SENDERS[number > 2]
    fields: dict[str, Value] = {
        "uuid": uuid,
        "product_name": "Каркас ЦБ замороженный",
        "weight": Decimal(6000 + 500 * number),
        "sender": sender,
        "producer": f"{sender}, площадка {number}",
        "doc_number": f"ВСД-{number}",
        "doc_date": produced,
        "produced_from": produced,
        "produced_to": produced,
        "expires": today + timedelta(days=days),
        "shelf_days": days,
        "public_link": None,
        "withdrawn": withdrawn,
    }
    return Row("vet_document", uuid, f"ВСД-{number}", fields)


JOB = Function({"company": "company", "ttn_number": "text"}, "vet_search_result", search, after)
