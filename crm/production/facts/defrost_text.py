"""How long a blank stood in the defroster, and how often (domain 4.15, 4.16)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import Blank
from engine.languages.message import Message, Numeral

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def defrost_text(blank: Blank) -> str:
    """Say since when a blank is in the defroster; of one that is out, how often it was there and
    how long in all."""
    began = blank.defrost_started
    if blank.state == Blank.State.DEFROSTING and began is not None:
        passed = timezone.now() - began
        when = timezone.localtime(began).strftime("%H:%M %d.%m.%Y")
        return Message("Загружена в {when}, прошло {passed}").with_values(
            {"when": when, "passed": _length(passed)}
        )
    runs = [run for run in blank.defrost_runs.all() if run.stopped]
    whole = sum((run.stopped - run.started for run in runs if run.stopped), timedelta())
    return Message("была {n} {n | one раз | few раза | many раз}, всего {whole}").with_values(
        {"n": Numeral(str(len(runs)), len(runs)), "whole": _length(whole)}
    )


def _length(time: timedelta) -> Message:
    hours, rest = divmod(max(time, timedelta()), HOUR)
    return Message("{h} ч {m} мин").with_values({"h": str(hours), "m": str(rest // MINUTE)})


FACT = Fact(params=("blank",), result="text", answer=defrost_text)
