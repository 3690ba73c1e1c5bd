"""The records of the desk: a task as a form is told of it, a request for help."""

from __future__ import annotations

from collections.abc import Mapping

from crm.record import Record
from crm.work.models import HelpRequest, Task

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
}
