"""What a request for help says beside its topic, for the card of 4.38."""

from __future__ import annotations

from crm.fact import Fact
from crm.work.models import HelpRequest
from engine.languages.message import Message


def help_words(request: HelpRequest) -> str:
    """Say what he wrote, and which task he asked from."""
    if request.task is None:
        return request.text
    task = str(request.task)
    if not request.text:
        return Message("Задача: {task}", {"task": task})
    return Message("{text} Задача: {task}", {"text": request.text, "task": task})


FACT = Fact(params=("help_request",), result="text?", answer=help_words)
