"""Last values of a person: the Suggestions port over saved sessions.

His last forms of a flow are read by their index, and of each the one answer that is asked for. A
row for each answer would find the values alone, and double what every save writes."""

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
        ).order_by("-ended_at")  # by session_saved_by_person
        found: list[Value] = []
        for answers in rows.values_list("answers", flat=True)[:LOOKED_AT]:
            asked = {name: kept for name, kept in answers.items() if without_keys(name) == field}
            for answer in unpack_answers(asked).values():
                if answer.value is None:
                    continue
                if answer.value not in found:
                    found.append(answer.value)
            if len(found) >= count:
                break
        return tuple(found[:count])
