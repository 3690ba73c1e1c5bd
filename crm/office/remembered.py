"""Forms with the history of their record under them: entries of reference lists, people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from crm.office import parts
from crm.office.card import Card, Later
from crm.office.lists import OfficeAdmin


class Remembering(OfficeAdmin):
    """A form that shows what was of its record, from what to what."""

    change_form_outer_after_template = "office/past.html"

    def known(self, record: Any) -> list[Later]:
        """Return what is told of a record above its history; of most, nothing."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the history to the form's page."""
        record = context.get("original")
        if record is not None:
            sections = [*self.known(record), parts.history(record)]
            context["past"] = parts.settled(Card("", main=sections)).main
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page
