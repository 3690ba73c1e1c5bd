"""F106: a field or a name that is already taken. Names of files are found while they are read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import addressed


def find(subject: Subject) -> Iterator[Finding]:
    """Give the second field of each name, among those in sight of each other."""
    for sketch in subject.project.sketches.values():
        first = {name: sketch.tree.key(("given", name)).line for name in sketch.given}
        seen: dict[str, int] = dict(first)
        for address, part in addressed(sketch.parts):
            path, step = part.path, part.step
            names = [(address, (*path, step.kind))] if step.kind != "review" else []
            if step.starts is not None:  # a job's result is a field too
                scope = address[: len(address) - len(step.name)]
                names.append((scope + step.starts.as_, (*path, "starts", "as")))
            for one, where in names:
                place, name = sketch.tree.place(where), one.rpartition(".")[2]
                line = next((seen[known] for known in _in_sight(one) if known in seen), None)
                if line is not None:
                    message = say("поле «{name}» уже есть в строке {first}", name=name, first=line)
                    yield Finding(place, "F106", message, "дайте другое имя")
                seen.setdefault(one, place.line)


def _in_sight(address: str) -> Iterator[str]:
    """Give the addresses that a name would hide: its own, and those of its name further out."""
    *owners, name = address.split(".")
    for size in range(len(owners), -1, -2):
        yield ".".join((*owners[:size], name))


RULE = Rule(
    "F106",
    "имя уже занято",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: weight\n",
            "  - integer: labels\n",
            "weight",
            "другое имя",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - repeat: rows\n    steps: [{integer: weight, prompt: Сколько}]\n"
            "  - integer: tags\n",
            "  - repeat: rows\n    steps: [{integer: pieces, prompt: Сколько}]\n"
            "  - integer: tags\n",
            "weight",
            "другое имя",
        ),
    ),
    "Два ответа под одним именем стёрли бы друг друга, и сохранился бы только последний.",
)
