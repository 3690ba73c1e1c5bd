"""The sheet of people: names, roles, language. Chats are tied by codes of invitation alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.care.imports.cells import Column, Wrong, choice, chosen, field_of, spellings, text, text_of
from crm.care.imports.kinds import Given, Kind, Values, active
from crm.fields import fold
from crm.people.models import Person, PersonRole
from crm.people.operations.save_person import save_person, set_active
from crm.people.roles import title, titles
from engine.documents.filled import Typed

_title = lazy(title, str)  # a reader of another language names roles by other titles


def _roles(value: Typed) -> tuple[str, ...]:
    known = {role: _title(role) for role, _said in titles()}
    whole = {name for title in known.values() for name in spellings(title)}
    names = []
    for part in text_of(value).split(";"):
        # A title of another language may have a comma in it.
        names += [part] if fold(part) in whole else part.split(",")
    return tuple(sorted({str(chosen(name.strip(), known)) for name in names if name.strip()}))


def _find(values: Values) -> Person | None:
    found = list(Person.objects.filter(name_key=fold(values["full_name"]))[:2])
    if len(found) > 1:
        raise Wrong(
            gettext("людей с таким ФИО несколько"), gettext("Измените их на карточках в офисе")
        )
    return found[0] if found else None


def _held(person: Person) -> Values:
    return {
        "full_name": person.full_name,
        "roles": tuple(sorted(person.role_codes)),
        "language": person.language,
        "active": person.active,
    }


def _add(given: Given, values: Values) -> Person:
    person = save_person(given.by, person=None, **_saved(values))
    _work(given, person, values.get("active", True))
    return person


def _change(given: Given, person: Person, values: Values) -> None:
    if saved := _saved(values):
        save_person(given.by, person=person, reason=given.reason, **saved)
    _work(given, person, values.get("active", person.active))


def _saved(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "active"}


def _work(given: Given, person: Person, works: bool) -> None:
    if person.active != works:
        set_active(given.by, person=person, active=works, at=given.at)


PEOPLE = Kind(
    title=_("Люди"),
    columns=(
        Column(
            "full_name",
            _("ФИО"),
            text(field_of(Person, "full_name")),
            _("по нему человек и узнаётся"),
            required=True,
        ),
        Column(
            "roles",
            _("Роли"),
            _roles,
            _("названия ролей через «;» или запятую; станут ровно такими, пусто: как было"),
            show=lambda codes: "; ".join(dict(titles()).get(code, code) for code in codes),
        ),
        Column(
            "language",
            _("Язык"),
            choice(dict(settings.LANGUAGES)),
            _("на котором с ним говорит бот"),
            show=lambda code: str(dict(settings.LANGUAGES).get(code, code)),
        ),
        active(_("Работает")),
    ),
    may=lambda user: user.has_perms(("people.add_person", "people.change_person")),
    find=_find,
    held=_held,
    add=_add,
    change=_change,
    rows=lambda: Person.objects.order_by("name_key").prefetch_related(
        Prefetch("roles", PersonRole.objects.order_by("role"))
    ),
)
