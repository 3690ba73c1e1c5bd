"""The parameters of a report as controls of a page, and what was filled in as the words that
`crm.bridge.asking` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext

from crm.bridge.asking import DAY, NotUnderstood, Several, offer, read_params
from crm.bridge.program import program
from crm.office.filters import day_of
from engine.documents.reports import usual_days
from engine.model.values import Value
from engine.schema.report import PERIOD, ParamForm, ReportForm

FROM, TO = "_from", "_to"  # behind the name of a period: its two days


@dataclass(frozen=True, slots=True)
class Control:
    """One parameter on the page: `kind` is period, day, choice or text; `value` is what stands in
    it, of a period its first day, `last` its last one."""

    name: str
    title: str
    kind: str
    required: bool
    value: str = ""
    last: str = ""
    options: tuple[tuple[str, str], ...] = ()


def controls(form: ReportForm, given: Mapping[str, str]) -> list[Control]:
    """Return the controls of a report with what was filled in before; a period nobody filled in is
    what the report takes without being told."""
    return [_control(name, param, given) for name, param in form.params.items()]


def _control(name: str, param: ParamForm, given: Mapping[str, str]) -> Control:
    title, required = spoken(param.title), not param.type.endswith("?")
    if param.type == PERIOD:
        begins = program().zone.day_begins
        days = usual_days(param, timezone.localtime(timezone=program().zone), begins)
        ends = zip((FROM, TO), days, strict=True)
        first, last = (given.get(f"{name}{end}", day.isoformat()) for end, day in ends)
        return Control(name, title, "period", required, first, last)
    value = given.get(name, "")
    kind, offered = offer(param)
    options = tuple((code, spoken(param.options.get(code, text))) for code, text in offered)
    return Control(name, title, kind, required, value, options=options)


def read(form: ReportForm, given: Mapping[str, str]) -> dict[str, Value]:
    """Return the parameters that were filled in. Raises NotUnderstood in the reader's language."""
    typed = {}
    for name, param in form.params.items():
        words = _period(name, given) if param.type == PERIOD else _words(param, given.get(name, ""))
        if words:
            typed[name] = words
        elif not param.type.endswith("?") and param.type != PERIOD and param.default is None:
            text = gettext("Заполните «{title}»").format(title=spoken(param.title))
            raise NotUnderstood(text, name)
    try:
        return read_params(form, typed, program().zone.day_begins)
    except NotUnderstood as error:
        title, words = spoken(form.params[error.param].title), typed.get(error.param, "")
        many = error.__cause__ if isinstance(error.__cause__, Several) else None
        text = gettext("«{title}»: нет такого или не понять «{words}»")
        if many:
            text = gettext("«{title}»: под «{words}» несколько: {many}")
        said = text.format(title=title, words=words, many=many)
        raise NotUnderstood(said, error.param) from error


def _period(name: str, given: Mapping[str, str]) -> str:
    typed = [given.get(f"{name}{end}", "").strip() for end in (FROM, TO)]
    said = [f"{day:{DAY}}" if (day := day_of(text)) else text for text in typed]
    return "-".join(dict.fromkeys(one for one in said if one))


def _words(param: ParamForm, text: str) -> str:
    day = day_of(text) if offer(param)[0] == "day" else None
    return f"{day:{DAY}}" if day else text.strip()


def spoken(text: str) -> str:
    """Say a text of the forms in the language of the page."""
    return program().languages.say(text, translation.get_language() or "")
