"""Whether everything that waits has somebody who can end its waiting: tasks with an owner, records
in a state that leads on. Start at `verify_work`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from crm.bridge.records import RECORDS
from crm.ledger.models import Lot
from crm.ledger.verify import EXAMPLES, Found
from crm.people.models import Person, PersonRole
from crm.production.models import FreezerLoad
from crm.quality.models import Check, Deviation
from crm.work.models import Task
from engine.actions.task import TaskAction
from engine.languages.message import Message
from engine.run.machine import BEFORE_BIRTH, LifecycleMachine
from engine.run.program import Program
from engine.schema.lifecycle import SAME

Rows = list[str]


def verify_work(program: Program) -> Iterator[Found]:
    """Do every check of tasks and states and give what it found, also nothing."""
    yield _found(Message("Задачи, которые некому делать"), _ownerless())
    yield _found(Message("Задачи состояний, из которых запись ушла"), _left_behind(program))
    yield _found(Message("Записи, из состояния которых нет пути"), _stuck(program))
    yield _found(Message("Отклонения, о которых никто не спрошен"), _undecided())


def _found(title: str, rows: Rows) -> Found:
    return Found(title, len(rows), tuple(rows[:EXAMPLES]))


def _ownerless() -> Rows:
    """Waiting tasks whose roles nobody active holds and that no active person has."""
    held = set(PersonRole.objects.filter(person__active=True).values_list("role", flat=True))
    active = {str(pk) for pk in Person.objects.active().values_list("pk", flat=True)}
    return [
        _task(task)
        for task in Task.objects.waiting()
        if held.isdisjoint({*task.roles, task.role})
        and active.isdisjoint({*task.people, str(task.person_id)})
    ]


def _left_behind(program: Program) -> Rows:
    """Waiting tasks of a lifecycle whose record is in another state than the one that asks for
    such work. Requests for a second signature belong to no state, what a transition asks for by
    itself (an analysis of a released batch once more) to the states that it leads to, and what
    somebody has taken also to the state that the taking led to."""
    rows = []
    for task in Task.objects.waiting().exclude(lifecycle=""):
        machine = program.lifecycles.get(task.lifecycle)
        if machine is None or task.subject not in RECORDS or task.body.get("signature"):
            continue
        states = _states(machine).filter(pk=task.subject_id)
        state = states.values_list(machine.lifecycle.field, flat=True).first() or ""
        form = machine.state(state)
        kinds = {one.kind for one in form.tasks} if form else set()
        taken = _taken(machine, state) if task.state == Task.State.CLAIMED else set()
        if task.kind not in kinds | taken | _asked_on_the_way(machine, state):
            rows.append(_task(task))
    return rows


def _taken(machine: LifecycleMachine, state: str) -> set[str]:
    """Return the kinds of tasks whose taking leads into a state."""
    life = machine.lifecycle
    tasks = (task for form in life.states.values() for task in form.tasks if task.claim)
    return {
        task.kind
        for task in tasks
        if any(form.to == state for form in life.transitions.get(task.claim, ()))
    }


def _asked_on_the_way(machine: LifecycleMachine, state: str) -> set[str]:
    """Return the kinds of tasks that the transitions into a state ask for by themselves."""
    forms = [form for some in machine.lifecycle.transitions.values() for form in some]
    into = [form for form in forms if state in (form.sources if form.to == SAME else (form.to,))]
    return {one.task for form in into for one in form.do if isinstance(one, TaskAction)}


def _stuck(program: Program) -> Rows:
    """Records in a state that the lifecycle does not know or that nothing leaves, and records
    without the task that their state always asks for."""
    rows = []
    for machine in program.lifecycles.values():
        life = machine.lifecycle
        if life.record not in RECORDS:
            continue
        waiting = Task.objects.waiting().filter(subject=life.record, lifecycle=life.lifecycle)
        tasks = set(waiting.values_list("subject_id", "kind"))
        # A record in the state before birth is a form whose saving broke off: none is committed.
        begun = life.field == "state"
        for pk, state in _states(machine).values_list("pk", life.field):
            if state == BEFORE_BIRTH and not begun:
                continue
            form = machine.state(state)
            if form is not None and form.final:
                continue
            lost = [kind for kind in _always(machine, state) if (str(pk), kind) not in tasks]
            if form is None or lost or not machine.leaving(state):
                why = f" нет задачи {', '.join(lost)}" if lost else ""
                rows.append(f"{life.record} {pk}: {state}{why}")
    return rows


def _always(machine: LifecycleMachine, state: str) -> list[str]:
    """Return the kinds of the tasks without which no record is in a state: asked for under no
    condition, with no answer that ends the task and leaves the record where it is."""
    form, life = machine.state(state), machine.lifecycle
    stays = {
        name for name, forms in life.transitions.items() if any(one.to == SAME for one in forms)
    }
    return [
        task.kind
        for task in (form.tasks if form else ())
        if not (task.when or task.while_ or stays & set(task.buttons))
    ]


def _undecided() -> Rows:
    """Unfinished deviations that no task asks anybody about: those of a form have one each, those
    of a record the tasks of the record, of the freezer that it lies in, or of their check."""
    waiting = Task.objects.waiting()
    asked = set(waiting.exclude(deviation=None).values_list("deviation", flat=True))
    subjects = set(waiting.values_list("subject", "subject_id"))
    rows = []
    found = Deviation.objects.unfinished().exclude(pk__in=asked).select_related("lot")
    for one in found:
        if subjects.isdisjoint((str(row.RECORD), str(row.pk)) for row in _about(one)):
            rows.append(f"{one.number} {one.kind} {one.lot or one.flow}")
    return rows


def _about(deviation: Deviation) -> Iterator[Any]:
    """Give the records whose tasks ask about a deviation: of a check, that alone."""
    check = Check.objects.filter(deviation=deviation).first()
    if check is not None:
        yield check
    elif deviation.lot is not None:
        yield deviation.lot.record
        yield from _loads(deviation.lot)


def _loads(lot: Lot) -> Iterator[FreezerLoad]:
    """Give the loads of a freezer that a mix or a pallet lies in."""
    yield from FreezerLoad.objects.filter(Q(mix__lot=lot) | Q(pallet__lot=lot))


def _states(machine: LifecycleMachine) -> Any:
    return RECORDS[machine.lifecycle.record].model._default_manager.order_by("pk")


def _task(task: Task) -> str:
    return f"{task.kind} {task.subject} {task.subject_id}"
