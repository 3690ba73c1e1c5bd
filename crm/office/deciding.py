"""A decision on a deviation from the office (domain 5.9): of a form by the card's own answers, and
the asker's chat goes on as if it was pressed there; of a check by the transitions of the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.deviations import DjangoDeviations
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.program import program
from crm.office.correction import Asks, Correction, Given, by_transition
from crm.office.language import said
from crm.people.roles import Duty, on_duty
from crm.quality.models import Check, Deviation
from engine.errors import Refusal, Refused
from engine.model.conversation import Verdict
from engine.run.screens import asked_by


def _answers(deviation: Deviation) -> Mapping[str, tuple[str, Deviation.State]]:
    """Return the answers of a deviation by their codes, with what each makes of it, under the
    version of the form that asked; none when its question is gone."""
    standing = DjangoDeviations().get(str(deviation.pk))
    spec = asked_by(program(), standing) if standing else None
    answers = spec.answers.items() if spec else ()
    ends = {True: Deviation.State.REJECTED, False: Deviation.State.APPROVED}
    return {code: (said(one.title), ends[bool(one.end)]) for code, one in answers}


def _asks(deviation: Deviation) -> Asks:
    answers = _answers(deviation).items()
    choices = [("", gettext("Выберите")), *((code, title) for code, (title, _state) in answers)]
    return {"answer": forms.ChoiceField(label=_("Решение"), choices=choices)}


def _decide(deviation: Deviation, given: Given) -> None:
    """Raises Refused for another role and when somebody was first."""
    answers, code = _answers(deviation), given.values["answer"]
    if code not in answers:
        raise Refused(Refusal("Этого запроса больше нет"))
    verdict = Verdict(str(deviation.pk), code, given.reason, str(given.by))
    state = answers[code][1].value
    outcome = DjangoDeviations().decide(verdict, given.actor, state, given.at)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    DjangoOutbox().verdict(deviation.chat_id, verdict)


DECIDE = Correction(
    "decide",
    title=lambda: gettext("Решить"),
    explains=_("Решает первый ответ. Кто спросил, увидит его в чате, и его форма пойдёт дальше."),
    may=lambda: on_duty(Duty.OFFICE),
    stands=lambda one: one.state == Deviation.State.OPEN and bool(one.step),
    do=_decide,
    asks=_asks,
)


def _of_check(name: str, explains: str | Promise) -> Correction:
    """Return the correction of a deviation that does a transition of its check."""
    fired = by_transition(Check.RECORD, name, explains, page=f"{name}_check")

    def stands(deviation: Any) -> bool:
        check = getattr(deviation, "check_of", None)  # there is none of a form
        return check is not None and fired.stands(check)

    def do(deviation: Any, given: Given) -> None:
        """Raises Refused when the check stands elsewhere by now."""
        fired.do(Check.objects.get(deviation=deviation.pk), given)

    return replace(fired, stands=stands, do=do)


OF_CHECK = (
    _of_check(
        "decide", _("Причина — решение о продукте и что сделать: её увидят те, кто сделает.")
    ),
    replace(_of_check("verify", _("Отклонение будет закрыто.")), why=False),
    _of_check("send_back", _("Исправление сделают заново.")),
)
