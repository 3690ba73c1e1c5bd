"""What is going on: conversations, work that waits, files that workers sent, calls for help."""

from crm.work.models.conversation import ALIVE, Chat, Lease, Session, Update, Version, VersionFile
from crm.work.models.file import File
from crm.work.models.help import Handover, HelpRequest
from crm.work.models.proposal import Proposal
from crm.work.models.task import Task, TaskQuerySet, Timer, TimerQuerySet

__all__ = [
    "ALIVE",
    "Chat",
    "File",
    "Handover",
    "HelpRequest",
    "Lease",
    "Proposal",
    "Session",
    "Task",
    "TaskQuerySet",
    "Timer",
    "TimerQuerySet",
    "Update",
    "Version",
    "VersionFile",
]
