"""The records of the desk: a task as a form is told of it, a request for help."""

from __future__ import annotations

from collections.abc import Mapping

from crm.record import Record
from crm.work.models import Handover, HelpRequest, Task

RECORDS: Mapping[str, Record] = {
    "task": Record(Task, {"title": "text"}),
    "help_request": Record(
        HelpRequest,
        {
            "state": "choice(new, open, going, solved, withdrawn)",
            "author": "person",
            "topic_title": "text",
            "text": "text?",
            "task": "task?",
            "going_by": "person?",
            "answer": "text?",
            "created_at": "datetime",
            "ended_at": "datetime?",
        },
    ),
    "handover": Record(
        Handover,
        {
            "state": "choice(new, offered, accepted, questioned)",
            "whole": "bool",
            "given_by": "person",
            "successor": "person?",
            "digest": "text",
            "note": "text?",
            "question": "text?",
            "taken_by": "person?",
            "taken_at": "datetime?",
        },
    ),
}
