"""System transitions that broke: the Failures port over rows."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial

from crm.prepared import Prepared
from crm.production.models import Failure
from crm.production.operations.failure import count_failure, forget_failure
from crm.together import answered


@cache
def broken(times: int) -> Prepared:
    """Return how it is asked what broke so many times or more."""
    rows = Failure.objects.filter(times__gte=times)
    return Prepared(partial(rows.values_list, "record", "record_id", "transition"))


class DjangoFailures:
    """The Failures port."""

    def count(self, record: str, identity: str, transition: str) -> int:
        """Return how often a transition of a record broke."""
        found = Failure.objects.of(record, identity, transition)
        return found.values_list("times", flat=True).first() or 0

    def often(self, times: int) -> frozenset[tuple[str, str, str]]:
        """Return what broke so many times or more."""
        return frozenset(answered(broken(times)))

    def add(self, record: str, identity: str, transition: str, why: str, at: datetime) -> int:
        """Keep that it broke once more, and return how often it did."""
        return count_failure(
            record=record, record_id=identity, transition=transition, why=why, at=at
        )

    def clear(self, record: str, identity: str, transition: str) -> None:
        """Forget that it broke."""
        forget_failure(record=record, record_id=identity, transition=transition)
