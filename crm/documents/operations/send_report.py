"""Ask for a report in a chat (domain 4.40): made beside the turn, sent when it is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.documents.offered import offered, param_of
from crm.fact import Line
from crm.ledger.models import Lot
from crm.operation import Operation
from crm.outbox.models import Notice
from crm.outbox.operations.put import put
from crm.people.models import Person
from crm.production.day import span_of
from crm.production.lots import called
from crm.production.models import Shipment
from engine.documents.reports import period
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import ReportWanted
from engine.model.text import Text
from engine.model.values import Row, Value
from engine.run.stored import pack_report
from engine.schema.report import PERIOD, ReportForm

LONGEST = timedelta(days=366)  # of one file


@transaction.atomic
def send_report(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    report: Line,
    first: date | None = None,
    last: date | None = None,
    shipment: Shipment | None = None,
    lot: Lot | None = None,
) -> None:
    """Put a report into the outbox, for whoever asks; done twice with one session it is sent once.

    Days are production days, both counted; without `last` it is the first alone, without both the
    report's own. Raises Refused for a report that is not his by role (any more), for what it cannot
    be made without, and for more than a year."""
    form = next((one for one in offered(by.role_codes) if one.report == report["code"]), None)
    if form is None:
        raise Refused(Refusal("Такой отчёт вам больше не положен", again="report"))
    arguments = _arguments(form, _days(first, last, at), shipment, lot)
    put(
        event=f"{session}:report",
        people=[by],
        text=Text.of(Message("Отчёт")),
        at=at,
        kind=Notice.Kind.REPORT,
        payload={
            "report": pack_report(
                ReportWanted(f"{session}:report", form.report, arguments, str(by.pk))
            )
        },
    )


def _days(first: date | None, last: date | None, at: datetime) -> Row | None:
    if first is None:
        return None
    last = last or first
    if last < first:
        raise Refused(Refusal("Последний день раньше первого", again="last"))
    if last - first > LONGEST:
        raise Refused(Refusal("Больше года одним файлом не собрать", again="last"))
    begins = timezone.localtime(span_of(at)[0])
    return period(first, last, begins.time(), begins.tzinfo)


def _arguments(
    form: ReportForm, days: Row | None, shipment: Shipment | None, lot: Lot | None
) -> dict[str, Value]:
    """Return the parameters by their names; a report is made with the rows as they are then."""
    given: dict[str, Row | None] = {
        PERIOD: days,
        "shipment": Row("shipment", str(shipment.pk), str(shipment)) if shipment else None,
        "lot": Row("lot", str(lot.pk), called(lot).among(timezone.localdate().year))
        if lot
        else None,
    }
    arguments: dict[str, Value] = {}
    for kind, row in given.items():
        name = param_of(form, kind)
        if name is not None and row is not None:
            arguments[name] = row
        elif name is not None and kind != PERIOD:
            raise Refused(Refusal("Без этого отчёт не собрать", again=kind))
    return arguments


OPERATION = Operation(
    {
        "report": "report_offer",
        "first": "date?",
        "last": "date?",
        "shipment": "shipment?",
        "lot": "lot?",
    },
    send_report,
)
