"""F510: a button of the menu that the link of a label cannot open: the form's first question takes
no code, or another form is opened before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.check.example import MENU
from engine.check.roles import flow_roles, listed
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.forms import Part
from engine.steps.base import Step
from engine.steps.call import CallStep
from engine.steps.group import GroupStep
from engine.steps.scan import ScanStep
from engine.steps.text import TextStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every button with `link:` in the order in which a link tries them."""
    project = subject.project
    opened: dict[str, str] = {}  # by role: the form that its link surely opens
    for at, entry in project.entries:
        sketch = project.sketches.get(entry.flow)
        if not entry.link or sketch is None:
            continue
        tree = project.tree("menu")
        step = _in_the_way(sketch.parts.parts)
        if step is not None and ("flow", entry.flow) not in project.broken:
            words = {"flow": entry.flow, "step": step.name}
            message = say("форма «{flow}» первым спрашивает «{step}», а придёт код", **words)
            remedy = "начните форму с вопроса «scan» или «text» или уберите «link»"
            yield Finding(tree.place((at, "link")), "F510", message, remedy)
            continue
        for _, path, role in listed(tree, (at, "roles"), entry.roles):
            if role in opened:
                words = {"role": role, "flow": opened[role]}
                message = say("роли «{role}» ссылка уже открывает форму «{flow}»", **words)
                yield Finding(tree.place(path), "F510", message, "оставьте «link» у одной кнопки")
        if entry.when is None:
            mine = set(entry.roles).intersection(flow_roles(sketch))
            opened = {**dict.fromkeys(mine, entry.flow), **opened}


def _in_the_way(parts: Iterable[Part]) -> Step | None:
    """Return the first question that is surely asked, unless one that may take the code stands
    before it; a called form is taken to have one."""
    for step, always in _questions(parts):
        if isinstance(step, ScanStep | TextStep | CallStep):
            return None
        if always:
            return step
    return None


def _questions(parts: Iterable[Part], *, always: bool = True) -> Iterator[tuple[Step, bool]]:
    for part in parts:
        step = part.step
        surely = always and step.when is None and step.known is None
        if isinstance(step, GroupStep):
            yield from _questions(part.within.parts, always=surely)
        elif step.asks or isinstance(step, CallStep):
            yield step, surely


RULE = Rule(
    "F510",
    "ссылка этикетки не откроет форму",
    find,
    (
        Example(
            MENU,
            "flow: delivery",
            "flow: delivery, link: true",
            "flow: delivery, link: false",
            "true",
            "scan",
        ),
    ),
    "Человек навёл бы телефон на этикетку и увидел отказ или не ту форму.",
)
