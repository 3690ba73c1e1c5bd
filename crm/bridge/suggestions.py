"""Last values of a person: the Suggestions port over saved sessions."""

from __future__ import annotations

from crm.work.models import Session
from engine.model.address import without_keys
from engine.model.values import Value
from engine.run.stored import unpack_answers

LOOKED_AT = 20  # saved forms; older ones are no habit any more


class DjangoSuggestions:
    """The Suggestions port."""

    def last(self, person: str, flow: str, field: str, count: int) -> tuple[Value, ...]:
        """Return his last different values of a field of a flow, newest first."""
        rows = Session.objects.filter(
            person_id=int(person), flow=flow, state=Session.State.SAVED
        ).order_by("-ended_at")
        found: list[Value] = []
        for answers in rows.values_list("answers", flat=True)[:LOOKED_AT]:
            for address, answer in unpack_answers(answers).items():
                if without_keys(address) != field or answer.value is None:
                    continue
                if answer.value not in found:
                    found.append(answer.value)
            if len(found) >= count:
                break
        return tuple(found[:count])
