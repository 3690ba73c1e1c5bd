"""What a process of `tests.rounds` has read before it begins, imported once and forked eight times:
Django, the acts, and the compiled forms. It opens no connection: a fork must not share one."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connections

import tests.crm.ledger.acts
import tests.crm.production.acts  # noqa: F401
from crm.bridge.program import program

program()
connections.close_all()  # it has looked for a version of before
