"""Whether somebody said what is wrong with a blank that is unpacked (domain 4.13)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Blank
from crm.production.models.blank import BlankProblem
from crm.quality.models import Deviation


def is_problem_told(blank: Blank) -> bool:
    """Tell whether a problem of the blank waits for a decision; what is still written on the blank
    may be of a problem that was decided before."""
    told = Deviation.objects.of_records().filter(lot=blank.lot_id, kind__in=BlankProblem.values)
    return told.filter(state=Deviation.State.OPEN).exists()


FACT = Fact(params=("blank",), result="bool", answer=is_problem_told)
