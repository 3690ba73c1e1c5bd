"""F502: a button of the menu shown to a role that may not start its flow."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import MENU
from engine.check.fires import is_partly_read
from engine.check.roles import flow_roles, listed
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.project import Project
from engine.load.sketch import FlowSketch


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the roles of a button with those of its flow; of a sub-menu, with those of any flow
    in it."""
    project = subject.project
    if is_partly_read(project):  # no flow was changed for others
        return
    for at, entry in project.entries:
        sketches = [project.sketches.get(leaf.flow) for leaf in entry.leaves]
        allowed = {role for sketch in sketches if sketch for role in flow_roles(sketch)}
        if None in sketches or not all(_has_roles(project, one) for one in sketches if one):
            continue  # who may start it is a finding of its own
        for tree, path, role in listed(project.tree("menu"), (at, "roles"), entry.roles):
            if allowed and role in project.project.roles and role not in allowed:
                message = say("роль «{role}» видит кнопку, а форму начать не может", role=role)
                remedy = say(
                    "уберите её отсюда или добавьте в «roles:» формы «{flow}»",
                    flow=entry.leaves[0].flow,
                )
                yield Finding(tree.place(path), "F502", message, remedy)


def _has_roles(project: Project, sketch: FlowSketch) -> bool:
    """Tell whether all the roles of a flow could be read, and are roles."""
    written = sketch.tree.at(("roles",))
    roles = flow_roles(sketch)
    whole = isinstance(written, list) and len(written) == len(roles) > 0
    return whole and all(role in project.project.roles for role in roles)


RULE = Rule(
    "F502",
    "кнопка меню видна тем, кому нельзя",
    find,
    (
        Example(
            MENU,
            "roles: [porter]",
            "roles: [porter, foreman]",
            "roles: [ porter ]",
            "foreman",
            "уберите",
        ),
    ),
    "Человек нажал бы кнопку и получил отказ.",
)
