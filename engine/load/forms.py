"""Plain data → schema objects; what pydantic finds becomes findings with places and remedies.

One cause, one finding; a broken step does not hide what is wrong in the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.errors import Finding, Place, say
from engine.expressions.suggest import certain, hint, nearest
from engine.load.tree import Path, Tree
from engine.load.words import hint_of, keys_of, words
from engine.steps.base import Step
from engine.steps.registry import KINDS as STEPS

Model = TypeVar("Model", bound=BaseModel)
MOST_STEPS = 500  # of one flow: each of them knows the fields of all before it
TAGS = ("text_form", "list_form")  # which form of a prompt pydantic read; no part of the file


@dataclass(frozen=True, slots=True)
class Part:
    """A step with its path in the file, and the steps inside it."""

    path: Path
    step: Step
    within: Steps


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a list as far as they could be read; `lost` are words of broken ones that may
    be the names of fields."""

    parts: tuple[Part, ...] = ()
    lost: frozenset[str] = frozenset()
    broken: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps alone. With every one broken, the list is not empty for the author."""
        found = tuple(part.step for part in self.parts)
        return found or ((Step(name="lost"),) if self.broken else ())

    def every(self) -> Iterator[Part]:
        """Give these steps and those inside them, in order."""
        for part in self.parts:
            yield part
            yield from part.within.every()

    @property
    def all_lost(self) -> frozenset[str]:
        """Words of broken steps, here and inside of others."""
        return self.lost.union(*(part.within.all_lost for part in self.parts))


def _named(item: Any) -> frozenset[str]:
    """Return the words of a broken step that others may read: any of its first ones may be the
    field, or it is the review; steps inside it have fields too."""
    if isinstance(item, list):
        return frozenset[str]().union(*map(_named, item))
    if not isinstance(item, dict):
        return frozenset()
    words = {value for value in item.values() if isinstance(value, str)}
    inner = _named(item.get("steps"))
    starts = item.get("starts")
    if isinstance(starts, dict) and isinstance(starts.get("as"), str):
        words.add(starts["as"])
    return inner | words | ({"review"} & {*item})


class Reader:
    """Makes schema objects of one file and collects what is wrong in it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.findings: list[Finding] = []
        self._steps = 0

    def model(
        self, form: type[Model], data: Any, path: Path = (), kind: str = "", whole: bool = True
    ) -> Model | None:
        """Return an object of a class; None, with findings, when the data do not fit.

        `kind` is the first key of a step, whose value is its name. Unless `whole`, a missing key
        is left to whoever reads the whole."""
        if not isinstance(data, dict):
            message = "здесь нужны ключи со значениями"
            self.findings.append(Finding(self.tree.place(path), "F105", message, hint_of(form)))
            return None
        self.meant(form, path, kind)
        try:
            return form.model_validate(data)
        except ValidationError as error:
            errors = error.errors()
        if self._meant_inside(form, errors, path, kind):
            return self.model(form, data, path, kind, whole)
        there = {finding.place for finding in self.findings}
        for detail in _by_cause(errors):
            if whole or detail["type"] != "missing":
                found = self._finding(form, detail, path, kind)
                if found.place not in there or found.code == "F103":
                    self.findings.append(found)
                    there |= {found.place} if detail["type"] != "missing" else set()
        return None

    def meant(self, form: type[BaseModel], path: Path, kind: str = "") -> bool:
        """Say of each key of a mapping that is surely a slip of one that is not there, and read
        it as that one: the rest is checked as if it were mended. Return whether there was any.

        Whoever reads a key before the model does asks this first."""
        data = self.tree.at(path)
        known = keys_of(form)
        if not isinstance(data, dict) or data.keys() <= {kind, *known}:
            return False
        slips = 0
        for key in [key for key in data if key not in known and key != kind]:
            free = [name for name in known if name not in data]
            name = certain(key, free)
            if name:
                place = self.tree.key((*path, key))
                self.findings.append(_unknown(place, key, free))
                self.tree.rename(path, key, name)
                slips += 1
        return slips > 0

    def _meant_inside(
        self, form: type[BaseModel], errors: list[ErrorDetails], path: Path, kind: str
    ) -> bool:
        """Do the same in mappings that a model holds."""
        found = False
        for detail in errors:
            if detail["type"] == "extra_forbidden" and len(detail["loc"]) > 1:
                loc = self._loc(detail, path, kind)[:-1]
                found |= self.meant(form_at(form, loc), (*path, *loc))
        return found

    def _loc(self, detail: ErrorDetails, path: Path, kind: str) -> tuple[int | str, ...]:
        """Return where an error stands in the file, below a path."""
        loc = tuple(part for part in detail["loc"] if part not in TAGS)
        if kind and loc[:1] == ("name",):
            return (kind, *loc[1:])
        return (kind, *loc) if kind and (*path, kind, *loc[:1]) in self.tree.values else loc

    def _finding(
        self, form: type[BaseModel], detail: ErrorDetails, path: Path, kind: str
    ) -> Finding:
        loc = self._loc(detail, path, kind)
        last = str(loc[-1]) if loc else ""
        if detail["type"] == "extra_forbidden":
            place = self.tree.key((*path, *loc))
            return _unknown(place, last, keys_of(form_at(form, loc[:-1])))
        where = self._known(path, loc)
        if detail["type"] == "missing":
            if isinstance(loc[-1], int):
                message = say("в списке не хватает пункта {loc}", loc=loc[-1] + 1)
                return Finding(self.tree.place(where), "F105", message, "допишите его")
            message = say("не хватает ключа «{last}»", last=last)
            return Finding(
                self._first(where), "F105", message, say("добавьте «{last}:»", last=last)
            )
        code, message, remedy = words(detail, last)
        return Finding(self.tree.place(where), code, message, remedy)

    def _known(self, path: Path, loc: tuple[int | str, ...]) -> Path:
        """Follow an error's location as far as the file has it; pydantic names validators too."""
        where = path
        for part in loc:
            if (*where, part) in self.tree.values:
                where = (*where, part)
            elif part == "[key]":
                break
        return where

    def _first(self, path: Path) -> Place:
        """Return the place of the first key of a mapping, of the mapping itself when empty."""
        data = self.tree.at(path)
        return self.tree.key((*path, next(iter(data)))) if data else self.tree.place(path)

    def step(self, data: Any, path: Path) -> Part | None:
        """Return a step of a mapping whose first key is its kind, with those inside it."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            if self._steps == MOST_STEPS + 1:
                message = say("в форме больше {most} вопросов", most=MOST_STEPS)
                remedy = "вынесите часть в другую форму и вызовите её шагом call"
                self.findings.append(Finding(self.tree.place(path), "F105", message, remedy))
            return None
        kind = self._kind(data, path, STEPS, "шага")
        if kind is None:
            return None
        self.meant(STEPS[kind], path, kind)
        rest = {key: value for key, value in data.items() if key != kind}
        if "name" in rest:
            remedy = say("имя поля стоит после вида: «{kind}: имя»", kind=kind)
            place = self.tree.key((*path, "name"))
            self.findings.append(Finding(place, "F103", "нет ключа «name»", remedy))
            return None
        within: Steps | None = None
        if "steps" in rest and "steps" in STEPS[kind].model_fields:
            within = self.steps(rest["steps"], (*path, "steps"))
            rest["steps"] = within.steps
        step = self.model(STEPS[kind], {"name": data[kind], **rest}, path, kind)
        return None if step is None else Part(path, step, within or Steps())

    def steps(self, data: Any, path: Path) -> Steps:
        """Return the steps of a list; broken ones are left out, with findings."""
        if not isinstance(data, list):
            message, remedy = "здесь нужен список вопросов", "каждый вопрос начинается с «- »"
            self.findings.append(Finding(self.tree.place(path), "F105", message, remedy))
            return Steps(broken=True)
        read = [(item, self.step(item, (*path, at))) for at, item in enumerate(data)]
        lost = frozenset[str]().union(*(_named(item) for item, part in read if part is None))
        broken = any(part is None for _, part in read)
        return Steps(tuple(part for _, part in read if part is not None), lost, broken)

    def action(self, data: Any, path: Path) -> Action | None:
        """Return an action of a mapping whose first key is its kind."""
        kind = self._kind(data, path, ACTIONS, "действия")
        return self.model(ACTIONS[kind], data, path) if kind else None

    def actions(self, data: Any, path: Path) -> Iterator[tuple[Path, Action]]:
        """Give the actions of a list with their paths; broken ones are left out, with findings."""
        if data is None:
            return
        if not isinstance(data, list):
            message, remedy = "здесь нужен список действий", "каждое действие начинается с «- »"
            self.findings.append(Finding(self.tree.place(path), "F105", message, remedy))
            return
        for at, item in enumerate(data):
            action = self.action(item, (*path, at))
            if action is not None:
                yield (*path, at), action

    def _kind(self, data: Any, path: Path, kinds: Mapping[str, Any], word: str) -> str | None:
        if not isinstance(data, dict) or not data:
            message, remedy = (
                say("здесь нужен вид {word} с ключами", word=word),
                say("виды: {names}", names=", ".join(kinds)),
            )
            self.findings.append(Finding(self.tree.place(path), "F105", message, remedy))
            return None
        first = next(iter(data))
        if first in kinds:
            return str(first)
        inner = [key for key in data if key in kinds]
        if inner:
            message, remedy = (
                say("вид {word} «{kind}» стоит не первым", word=word, kind=inner[0]),
                "поставьте его первым ключом",
            )
            self.findings.append(Finding(self.tree.key((*path, inner[0])), "F104", message, remedy))
        else:
            message, remedy = (
                say("нет вида {word} «{first}»", word=word, first=first),
                hint(first, kinds, "виды"),
            )
            self.findings.append(Finding(self.tree.key((*path, first)), "F104", message, remedy))
        return None


def _unknown(place: Place, key: str, known: list[str]) -> Finding:
    return Finding(
        place, "F103", say("нет ключа «{last}»", last=key), hint(key, known, "здесь есть")
    )


def _by_cause(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return errors without the missing keys that an unknown one beside them is likely to be."""
    missing = [one["loc"] for one in errors if one["type"] == "missing"]
    for one in errors:
        if one["type"] == "extra_forbidden":
            beside = {str(loc[-1]): loc for loc in missing if loc[:-1] == one["loc"][:-1]}
            near = nearest(str(one["loc"][-1]), beside)
            if near is not None:
                missing.remove(beside[near])
    return [one for one in errors if one["type"] != "missing" or one["loc"] in missing]


def form_at(form: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the class that an error's location leads to, as far as annotations tell."""
    for part in loc:
        for name, field in form.model_fields.items():
            if part in (name, field.alias):
                inner = _model_in(field.annotation)
                if inner is not None:
                    form = inner
    return form


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
