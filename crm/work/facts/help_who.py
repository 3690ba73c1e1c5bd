"""Who asks for help and where, for the card of 4.38."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.roles import named, titles
from crm.production.capacity import title_of
from crm.work.models import HelpRequest
from engine.languages.message import listed


def help_who(request: HelpRequest) -> str:
    """Say «Воронин С. Е., Оператор пресса первой линии, Пресс линии 1»: who, as what, at which
    station; the role is that of the task, else the first that he holds."""
    held = [role for role, _ in titles() if role in request.author.role_codes]
    wanted = [role for role in held if request.task and role in request.task.roles]
    roles = [named(role) for role in (wanted or held)[:1]]
    stations = [title_of(request.station)] if request.station else []
    return listed([request.author.full_name, *roles, *stations])


FACT = Fact(params=("help_request",), result="text", answer=help_who)
