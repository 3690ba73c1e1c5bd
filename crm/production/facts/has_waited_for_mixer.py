"""Whether a mix stood in the press until the mixer was free (domain 4.20)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.fact import Fact
from crm.ledger.operations.move_state import history_of
from crm.production.models import Mix

ONE_PRESS = timedelta(seconds=5)  # what happens within one press of a button


def has_waited_for_mixer(mix: Mix) -> bool:
    """Tell whether the mix was pressed earlier than by the press of the button that moves it."""
    pressed = history_of(mix).filter(to_state=Mix.State.PRESSED).last()
    return pressed is not None and timezone.now() - pressed.at > ONE_PRESS


FACT = Fact(params=("mix",), result="bool", answer=has_waited_for_mixer)
