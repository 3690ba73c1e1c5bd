"""What is next for a role: the tasks that wait, read from their rows. Nobody looks at mixes."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.utils import timezone

from crm.bridge.tasks import DjangoTasks
from engine.model.conversation import Actor
from tests.bench.office_rows import ROLES

ACTORS = tuple(Actor("0", "Чайкин", frozenset({role})) for role in ROLES)


def asked() -> int:
    """Ask for a role as «Мои задачи» and the menu do; return how many tasks wait for it."""
    return len(DjangoTasks().open_for(ACTORS[-2], timezone.now()))
