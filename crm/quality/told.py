"""How holds are told to people."""

from __future__ import annotations

from django.utils import timezone

from crm.own_words import own
from crm.people.roles import named, on_duty
from crm.production.lots import called
from crm.quality.models import Hold, HoldKind
from crm.quality.together import open_with
from crm.quality.usable import RULES
from engine.languages.message import Message, listed


def hold_text(hold: Hold) -> str:
    """Say what is held and why, who placed it and when, who may release it, who asks for that."""
    placed = {
        "who": hold.placed_by.full_name if hold.placed_by else Message("система"),
        "when": f"{timezone.localtime(hold.placed_at):%d.%m.%Y %H:%M}",
    }
    lines = [
        Message("{what}. {kind}: {reason}").with_values(
            {
                "what": what_is_held(hold),
                "kind": hold.kind_said,
                "reason": own(hold.reason),
            }
        ),
        Message("Поставлена {when}, {who}").with_values(placed),
        Message("Снимает: {roles}").with_values({"roles": release_text(hold)}),
    ]
    if hold.asked_by is not None:
        asked = {"who": hold.asked_by.full_name, "why": own(hold.release_reason)}
        lines.append(Message("Снять просит {who}: {why}. Нужен второй человек").with_values(asked))
    return listed(lines, "\n")


def what_is_held(hold: Hold) -> str:
    """Name the lot of a hold, and how many more are held together with it."""
    name = called(hold.lot).among(timezone.localdate().year)
    more = open_with(hold).count() - 1
    if more < 1:
        return name
    return Message("{lot} и ещё {count}").with_values({"lot": name, "count": str(more)})


def release_text(hold: Hold) -> str:
    """Say whose work it is to release a hold: «Менеджер по качеству (двое)»."""
    rule = RULES[HoldKind(hold.kind)]
    roles = listed([named(role) for role in on_duty(rule.release)], ", ")
    if not rule.two:
        return roles
    return Message("{roles} (двое)").with_values({"roles": roles})
