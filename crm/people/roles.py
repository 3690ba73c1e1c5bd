"""The roles of the plant. Those of the office have accounts and rights, so they are named here;
those of the shop floor stand in `flows/project.yaml` alone, with every title and duty.

The bridge says what the present forms say, so that people, holds and messages know nothing of the
forms. Start at `use_roles`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engine.errors import EngineError


class OfficeRole(models.TextChoices):
    """A role of the office; like any role, any number of people may hold it."""

    ADMINISTRATOR = "administrator", _("Администратор")
    PRODUCTION_OFFICE = "production_office", _("Производственный отдел")
    SHIPPING_CLERK = "shipping_clerk", _("Отдел отгрузки")
    QUALITY_MANAGER = "quality_manager", _("Менеджер по качеству")
    SHIFT_LEAD = "shift_lead", _("Начальник смены")
    DIRECTOR = "director", _("Директор")
    AUDITOR = "auditor", _("Аудитор")


class Duty(StrEnum):
    """What the program asks a role for by itself, without a form; `duties:` of project.yaml says
    which role it is."""

    FORMS = "forms"  # is told that saved forms are live or broken
    OFFICE = "office"  # works in the office too: has accounts there, as the office's roles have
    HOLD = "hold"  # holds lots from the office
    TOLD_OF_HOLDS = "told_of_holds"  # is told of holds that the office places or releases
    RELEASE_LAB = "release_lab"  # the rest: releases holds of domain 5.12
    RELEASE_ANTIBIOTIC = "release_antibiotic"
    RELEASE_ANALYSED = "release_analysed"
    RELEASE_NO_ORIGIN = "release_no_origin"
    RELEASE_EXPIRED = "release_expired"
    RELEASE_GRAVE = "release_grave"


Say = Callable[[str, str], str]  # a text in a language

_TITLES: dict[str, str] = {}
_DUTIES: dict[str, tuple[str, ...]] = {}
_SAY: list[Say] = [lambda text, language: text]


def use_roles(titles: Mapping[str, str], duties: Mapping[str, tuple[str, ...]], say: Say) -> None:
    """Take over the roles with their titles, who has which duty, and how titles are translated."""
    _TITLES.clear()
    _TITLES.update(titles)
    _DUTIES.clear()
    _DUTIES.update(duties)
    _SAY[0] = say


def titles() -> list[tuple[str, str]]:
    """Return every role with its title in the reader's language, as choices."""
    return [(role, title(role)) for role in _TITLES]


def title(role: str) -> str:
    """Return the title of a role in the language of the office's reader."""
    return _SAY[0](named(role), get_language() or "")


def named(role: str) -> str:
    """Return the title of a role as a text that every reader gets in his language; of a role that
    the forms do not name any more, its code."""
    return _TITLES.get(role, role)


def on_duty(duty: Duty) -> tuple[str, ...]:
    """Return the roles that have a duty. Raises EngineError when the forms give it to nobody."""
    if duty not in _DUTIES:
        raise EngineError(f"the forms give the duty {duty} to nobody")
    return _DUTIES[duty]
