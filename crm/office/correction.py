"""Corrections of domain 11.4: commands that ask for values and a reason, show what they will
change, and then do it in one transaction. Nothing is edited and nothing deleted.

What a correction changes is not foretold: it is done, read and undone (`preview.py`). Start at
`Correction`; `by_transition` makes one of a transition of a lifecycle."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.office.card import Tone
from crm.people.models import Person
from engine.errors import Refusal, Refused
from engine.model.conversation import Actor
from engine.model.values import Value, show_number
from engine.ports import Context
from engine.schema.lifecycle import Transition

REASON = (5, 500)  # characters
PLAIN = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)

Values = Mapping[str, Any]
Asks = Mapping[str, forms.Field]


@dataclass(frozen=True, slots=True)
class Given:
    """What a correction is given: who, with the roles of his account, when, why, the values of its
    form, and who confirmed it. `session` is the same however often the form is sent."""

    by: Person
    actor: Actor
    at: datetime
    session: UUID
    reason: str
    values: Values = field(default_factory=dict)
    second: Person | None = None

    @property
    def context(self) -> Context:
        """The same as the engine takes it."""
        return Context(actor=self.actor, session=str(self.session), at=self.at)


def nothing(record: Any) -> Asks:
    """Ask for nothing but the reason."""
    del record
    return {}


@dataclass(frozen=True, slots=True)
class Correction:
    """A command on a record. `may` are the roles that give it, `stands` whether it makes sense for
    a record now, `asks` the fields of its form beside the reason; `do` raises Refused. A title that
    is a text of the forms is a message: it is said where it is shown.

    `two` tells for which values a second person is needed: the first one's command is then kept
    until another one, who may the same, confirms it. `why` is false for what needs no reason."""

    name: str
    title: Callable[[], str]
    explains: str | Promise
    may: Callable[[], Collection[str]]
    stands: Callable[[Any], bool]
    do: Callable[[Any, Given], object]
    asks: Callable[[Any], Asks] = nothing
    tone: Tone = ""
    two: Callable[[Any, Values], bool] = lambda record, values: False
    why: bool = True

    def form(self, record: Any, data: Any = None) -> forms.Form:
        """Return the form of a record, filled from a request."""
        fields = {**self.asks(record), **({"reason": reason()} if self.why else {})}
        made: forms.Form = type("CorrectionForm", (forms.Form,), fields)(data, label_suffix="")
        return made


def reason() -> forms.CharField:
    """Ask why: 5 to 500 characters."""
    least, most = REASON
    return forms.CharField(
        label=_("Причина"),
        min_length=least,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def why_changed() -> forms.CharField:
    """Ask why on a form of the office, for the history; it may stay empty."""
    return forms.CharField(
        label=_("Причина"),
        required=False,
        max_length=REASON[1],
        help_text=_("Останется в истории рядом с прежними значениями"),
        widget=UnfoldAdminTextInputWidget,
    )


class Number(forms.DecimalField):
    """A number with up to `decimals` digits. A comma and a point are the same in every language:
    what would be a separator of thousands to an English reader must not make 890,5 kg of 8905."""

    shown: int | None = None  # digits that are shown; as many as there are

    def __init__(
        self,
        *,
        label: Any,
        initial: Decimal | None = None,
        decimals: int = 3,
        least: Decimal | None = None,
        required: bool = False,
    ) -> None:
        super().__init__(
            label=label,
            initial=initial,
            min_value=least,
            max_digits=12,
            decimal_places=decimals,
            required=required,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    def to_python(self, value: Any) -> Any:
        """Read what was typed: as in a chat, digits of one kind and no exponent (domain 3.14)."""
        typed = "".join(str(value or "").split()).replace(",", ".").replace("\N{MINUS SIGN}", "-")
        if typed and not PLAIN.fullmatch(typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:
        """Show a number as the office does."""
        return show_number(value, self.shown) if isinstance(value, Decimal) else value


class Kilograms(Number):
    """Kilograms with three digits, none below zero."""

    shown = 3

    def __init__(self, *, label: Any, initial: Decimal | None = None) -> None:
        super().__init__(label=label, initial=initial, least=Decimal(0), required=True)


def by_transition(
    life: str,
    name: str,
    explains: str | Promise,
    *,
    asks: Callable[[Any], Asks] = nothing,
    gives: Callable[[Any, Values], Mapping[str, Value]] = lambda record, values: {},
    tone: Tone = "",
    page: str = "",
    start: str = "",
) -> Correction:
    """Return the correction that does a transition: its title and who may it stand in the
    lifecycle, which also says whether another person must sign. `page` is its address where that
    may not be the name of the transition; `start` the state that it leaves, where others leave
    other states by the same name."""

    def do(record: Any, given: Given) -> None:
        row = locked(record)
        values = gives(row, given.values)
        DjangoOperations(program()).fire(row_of(row), name, given.context, given.reason, values)

    return Correction(
        page or name,
        title=lambda: next(one.title for one in _forms(life, name, start) if one.title),
        explains=explains,
        may=lambda: who_may(life, name, start),
        stands=lambda record: _leads_on(record, life, name, start),
        do=do,
        asks=asks,
        tone=tone,
    )


def _leads_on(record: Any, life: str, name: str, start: str) -> bool:
    """Tell whether a record is in a state that a transition leaves."""
    stands = getattr(record, program().lifecycles[life].lifecycle.field)
    return any(stands in one.sources for one in _forms(life, name, start))


def who_may(life: str, name: str, start: str = "") -> frozenset[str]:
    """Return the roles that do a transition, or that do it from one state."""
    return frozenset(role for one in _forms(life, name, start) for role in one.by.roles)


def _forms(life: str, name: str, start: str) -> tuple[Transition, ...]:
    """Return the forms of a transition, or those that leave one state."""
    found = program().lifecycles[life].lifecycle.forms(name)
    return tuple(one for one in found if not start or start in one.sources)


def locked(record: Any) -> Any:
    """Read a record anew under its lock. Raises Refused when it is gone."""
    rows = type(record)._default_manager.select_for_update(of=("self",))
    found = rows.filter(pk=record.pk).first()
    if found is None:
        raise Refused(Refusal("Записи больше нет"))
    return found
