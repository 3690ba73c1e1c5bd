"""F611: a second signature that the first person's own role gives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.schema.lifecycle import SYSTEM


def find(subject: Subject) -> Iterator[Finding]:
    """Compare who does a transition with who signs it."""
    for life in subject.project.lives.values():
        for name, path, form in life.transitions:
            sign = form.sign
            if sign is None:
                continue
            place = life.tree.place((*path, "sign", "by"))
            if SYSTEM in form.by.roles:
                message = say("переход «{name}» делает система: подписать его некому", name=name)
                yield Finding(life.tree.key((*path, "sign")), "F611", message, "уберите «sign:»")
            elif set(sign.by) <= set(form.by.roles) and not sign.not_:
                message = say("переход «{name}» подписывает та же роль, что и делает", name=name)
                remedy = "назовите другую роль или добавьте «not:» с тем, кому нельзя"
                yield Finding(place, "F611", message, remedy)


RULE = Rule(
    "F611",
    "вторая подпись ничего не проверяет",
    find,
    (
        Example(
            LOAD,
            "sign: {by: foreman}",
            "sign: {by: porter}",
            "sign: {by: porter, not: made_by}",
            "porter",
            "not:",
        ),
        Example(
            LOAD,
            "    queue: [number]\n",
            "    queue: [number]\n    sign: {by: foreman}\n",
            "    queue: [number desc]\n",
            "sign",
            "уберите",
        ),
    ),
    "Два человека нужны, чтобы один не решал сам за себя.",
)
