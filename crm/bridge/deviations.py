"""Decision requests: the Deviations port over rows and operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils import timezone

from crm.bridge.people import person_of
from crm.outbox.operations.send import supersede
from crm.prepared import KEY, Prepared
from crm.quality.models import Deviation
from crm.quality.operations.decide_deviation import decide_deviation
from crm.quality.operations.request_deviation import request_deviation
from crm.quality.operations.withdraw_deviation import withdraw_deviation
from crm.spans import from_json
from crm.work.models import Session
from engine.errors import Refusal, Refused
from engine.model.conversation import Actor, Verdict
from engine.model.effects import Request
from engine.ports import Standing
from engine.run.told import TWICE


def late_key(deviation: str, level: int) -> str:
    """Return the key of what is told of a decision that is late; the last one may still wait for
    the end of somebody's quiet hours when the decision comes."""
    return f"deviation:{deviation}:level:{level}"


class DjangoDeviations:
    """The Deviations port."""

    def request(self, request: Request, chat: int, at: datetime) -> None:
        """Keep a request with its timers and its task; the same id twice changes nothing."""
        request_deviation(person_of(request.session.actor), request=request, chat_id=chat, at=at)

    def withdraw(self, deviation: str, reason: str, at: datetime) -> None:
        """Take a request back, or the approval of a value that was changed."""
        if withdraw_deviation(None, deviation_id=UUID(deviation), reason=reason, at=at):
            supersede(late_key(deviation, TWICE))

    def decide(
        self, verdict: Verdict, actor: Actor, state: str, at: datetime
    ) -> Standing | Refusal:
        """Decide once; refused when somebody was first."""
        try:
            decide_deviation(
                person_of(actor),
                deviation_id=UUID(verdict.deviation),
                state=state,
                comment=verdict.comment,
                at=at,
            )
        except Refused as refused:
            return refused.refusal
        supersede(late_key(verdict.deviation, TWICE))
        return cast(Standing, self.get(verdict.deviation))

    def get(self, deviation: str) -> Standing | None:
        """Return a deviation by its id; None for one that is not there or no id at all."""
        try:
            identity = UUID(deviation)
        except ValueError:
            return None
        return next(iter(_standings(BY_KEY.rows(identity))), None)

    def open(self, roles: frozenset[str]) -> tuple[Standing, ...]:
        """Return open requests that these roles may decide, oldest first."""
        mine = [row for row in OPEN.rows() if not roles.isdisjoint(row.roles)]
        return tuple(_standings(mine)) if mine else ()


BY_KEY = Prepared(
    lambda key: Deviation.objects.select_related("decided_by").filter(pk=key).order_by(), KEY
)
DIGEST = Prepared(
    lambda key: Session.objects.filter(pk=key).order_by().values_list("digest", flat=True), KEY
)
OPEN = Prepared(lambda: Deviation.objects.open().of_forms().select_related("decided_by"))


def _standings(rows: Sequence[Deviation]) -> list[Standing]:
    sessions = {row.session for row in rows}
    digests = {key: digest for key in sessions for digest in DIGEST.rows(key)}
    return [_standing(row, digests.get(row.session, "")) for row in rows]


def _standing(row: Deviation, digest: str) -> Standing:
    decided_at = timezone.localtime(row.decided_at) if row.decided_at else None
    return Standing(
        str(row.pk),
        row.state,
        row.chat_id,
        str(row.session),
        row.flow,
        row.step,
        from_json(row.card),
        str(row.decided_by) if row.decided_by else "",
        decided_at,
        digest,
    )
