"""Mark what was measured of a mix before it is issued again."""

from __future__ import annotations

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix


@transaction.atomic
def supersede_analyses(by: Person | None, *, mix: Mix) -> None:
    """Keep the analyses of a mix that goes back to the queue, as ones that do not count any more
    (domain 4.47)."""
    del by
    mix.analyses.update(superseded=True)
    mix.ash_analyses.update(superseded=True)


OPERATION = Operation({"mix": "mix"}, supersede_analyses)
