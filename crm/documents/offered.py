"""The reports that a person may ask for in a chat, and what each asks (domain 4.40, 10).

The bridge says which reports the present forms have, so that a new file of `flows/reports/` is
offered without a line here. Start at `offered`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.schema.report import PERIOD, ReportForm

ASKED = (PERIOD, "shipment", "lot")  # kinds of parameters that a chat asks for

_REPORTS: dict[str, ReportForm] = {}


def use_reports(forms: Mapping[str, ReportForm]) -> None:
    """Take over the reports of the present forms."""
    _REPORTS.clear()
    _REPORTS.update(forms)


def offered(roles: Collection[str]) -> Iterator[ReportForm]:
    """Give the reports that one of the roles may have, by section and title. One that needs
    something that a chat does not ask for is left to the office."""
    for form in sorted(_REPORTS.values(), key=lambda one: (one.section, one.title)):
        if not set(roles).isdisjoint(form.roles) and all(map(_is_asked, _needed(form))):
            yield form


def param_of(form: ReportForm, kind: str) -> str | None:
    """Return the name of the parameter of a kind; None when the report has none.

    A shipment or a lot that may be left out only narrows the report: a chat does not ask for it."""
    for name, param in form.params.items():
        if param.type == kind:
            return name
    return None


def _needed(form: ReportForm) -> Iterator[str]:
    for param in form.params.values():
        if param.default is None and not param.type.endswith("?"):
            yield param.type


def _is_asked(kind: str) -> bool:
    return kind in ASKED
