"""Whose work each task is and who is told of what (domain 9.2): `tests/tasks.yaml`, written by
hand, against flows/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from crm.configuration import ROOT
from engine.actions.base import Action
from engine.actions.notify import NotifyAction
from engine.actions.task import TaskAction
from engine.steps.base import LimitedStep
from tests.engine.rehearsal import shipped

TABLE = ROOT / "tests/tasks.yaml"
SECONDS = {"m": 60, "h": 3600}


@cache
def table() -> dict[str, Any]:
    """Return the table."""
    written: dict[str, Any] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return written


def seconds(said: str | None) -> int | None:
    """Read a time of the table.

    >>> seconds("15m"), seconds("2h"), seconds(None)
    (900, 7200, None)
    """
    return None if said is None else int(said[:-1]) * SECONDS[said[-1]]


def actions() -> Iterator[tuple[str, Action]]:
    """Give every action of the shipped flows with the flow, transition or timer it stands in."""
    for life, lifecycle in shipped().lifecycles.items():
        for state in lifecycle.states.values():
            yield from ((f"{life}.{one.name}", do) for one in state.timers for do in one.do)
        for name, forms in lifecycle.transitions.items():
            yield from ((f"{life}.{name}", do) for form in forms for do in form.do)
    for name, flow in shipped().flows.items():
        yield from ((name, do) for do in (*flow.before, *flow.save, *flow.after))


Asked = tuple[tuple[str, ...], int | None, int | None, bool]


def asked_for() -> dict[str, set[Asked]]:
    """Return each kind of task with the ways in which it is asked for."""
    found: dict[str, set[Asked]] = defaultdict(set)
    for lifecycle in shipped().lifecycles.values():
        for state in lifecycle.states.values():
            for task in state.tasks:
                found[task.kind].add((task.for_, task.warn, task.breach, task.critical))
    for _, one in actions():
        if isinstance(one, TaskAction):
            found[one.task].add((one.receivers, one.warn, one.breach, False))
    return dict(found)


def test_every_task_is_of_whom_the_matrix_says_and_others_hear_of_it_when_it_says() -> None:
    wanted = {
        kind: {
            (tuple(who), seconds(warn), seconds(breach), more == ["critical"])
            for who, warn, breach, *more in ways
        }
        for kind, ways in table()["tasks"].items()
    }
    assert asked_for() == wanted


def test_every_second_person_is_asked_within_the_same_time() -> None:
    found = {
        f"{life}.{name}": (list(form.sign.by), form.sign.warn, form.sign.breach)
        for life, lifecycle in shipped().lifecycles.items()
        for name, forms in lifecycle.transitions.items()
        for form in forms
        if form.sign is not None
    }
    late = seconds("15m"), seconds("45m")
    assert found == {name: (by, *late) for name, by in table()["signatures"].items()}


def test_every_value_outside_its_limit_is_decided_by_whom_the_matrix_says() -> None:
    found = {}
    for flow in shipped().flows.values():
        for path, step in limited(flow.steps):
            on = step.on_deviation
            if on is None:
                continue
            more = ["critical"] if on.critical else []
            line = [list(on.roles), on.warn, on.breach, list(on.told_at_breach), *more]
            found[f"{flow.flow}.{path}"] = line
    wanted = {
        name: [who, seconds(warn), seconds(breach), also, *more]
        for name, (who, warn, breach, also, *more) in table()["decisions"].items()
    }
    assert found == wanted


def limited(steps: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give the steps that may have a limit, also those inside others, with their paths."""
    for step in steps:
        here = f"{path}{step.name}"
        if isinstance(step, LimitedStep):
            yield here, step
        yield from limited(step.within, f"{here}.")


def told() -> dict[str, list[NotifyAction]]:
    """Return the notices, by what they are told with."""
    found: dict[str, list[NotifyAction]] = defaultdict(list)
    for where, one in actions():
        if isinstance(one, NotifyAction):
            found[where].append(one)
    return found


def about_a_hold(notice: NotifyAction) -> bool:
    """Tell whether a notice is of a hold that was placed or released."""
    return notice.text.startswith(tuple(table()["words_of_holds"]))


def test_who_is_told_of_what_is_as_the_matrix_says() -> None:
    found = told()
    for where, people in table()["notices"].items():
        plain = [one for one in found[where] if not about_a_hold(one)]
        there = dict.fromkeys(name for one in plain for name in one.receivers)
        assert list(there) == people, where


def test_of_a_hold_are_told_those_who_decide_store_and_watch_over_quality() -> None:
    everybody = set(table()["told_of_holds"])
    for where, notices in told().items():
        of_holds = [one for one in notices if about_a_hold(one)]
        people = {name for one in of_holds for name in one.receivers}
        assert not of_holds or people >= everybody, where


def test_only_digests_wait_for_the_end_of_quiet_hours() -> None:
    found = [where for where, notices in told().items() if any(one.can_wait for one in notices)]
    assert found == table()["can_wait"]
