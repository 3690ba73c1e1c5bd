"""Which reports a person may ask for in a chat (domain 4.40, 10): by right of each report."""

from __future__ import annotations

from collections.abc import Iterator

from crm.documents.offered import offered, param_of
from crm.fact import Fact, Line
from crm.people.models import Person
from engine.languages.message import Message
from engine.schema.report import PERIOD


def reports_of(person: Person) -> Iterator[Line]:
    """Give the reports of his roles by section and title; none to who no longer works here."""
    for form in offered(person.role_codes if person.active else ()):
        days = param_of(form, PERIOD)
        fields = {
            "code": form.report,
            "days": days is not None,
            "usual": days is not None and form.params[days].since is not None,
            "shipment": param_of(form, "shipment") is not None,
            "lot": param_of(form, "lot") is not None,
        }
        yield Line(form.report, Message(form.title), fields)


FACT = Fact(params=("person",), result="list of report_offer", answer=reports_of)
