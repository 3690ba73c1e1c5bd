"""Load a mix into a plate freezer (domain 4.26)."""

from __future__ import annotations

from datetime import datetime

from crm.catalogue.models import Freezer
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad, Mix
from crm.production.operations.load_freezer import load_freezer, refuse_other_line
from crm.whole import whole
from engine.errors import Refusal, Refused


@whole
def load_plate_freezer(by: Person, *, at: datetime, mix: Mix, freezer: Freezer) -> FreezerLoad:
    """Make the load of a mix that is ready to leave the mixer. Raises Refused for a freezer of
    another kind or line, and for one that was taken meanwhile."""
    if mix.state != Mix.State.READY_TO_DISCHARGE:
        raise Refused(Refusal("Замес {number} уже выгружен", {"number": str(mix)}))
    refuse_other_line(mix, freezer)
    return load_freezer(by, freezer=freezer, at=at, mix=mix)


OPERATION = Operation({"mix": "mix", "freezer": "freezer"}, load_plate_freezer, "freezer_load")
