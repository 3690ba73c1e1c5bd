"""Plain data → schema objects; what pydantic finds becomes findings with places and remedies, in Russian.

One cause, one finding; a broken step does not hide what is wrong in the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.actions.registry import KINDS as ACTIONS
from engine.errors import Finding
from engine.expressions.suggest import hint
from engine.load.tree import Path, Tree
from engine.steps.base import Step
from engine.steps.registry import KINDS as STEPS

Model = TypeVar("Model", bound=BaseModel)


class Reader:
    """Makes schema objects of one file and collects what is wrong in it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.findings: list[Finding] = []

    def model(self, form: type[Model], data: Any, path: Path = ()) -> Model | None:
        """Return an object of a class; None, with findings, when the data do not fit."""
        if not isinstance(data, dict):
            self.findings.append(Finding(self.tree.place(path), "F105", "здесь нужны ключи со значениями",
                                         hint_of(form)))
            return None
        try:
            return form.model_validate(data)
        except ValidationError as error:
            for detail in error.errors():
                self._found(form, detail, path)
            return None

    def _found(self, form: type[BaseModel], detail: ErrorDetails, path: Path) -> None:
        where = _known(self.tree, path, detail["loc"])
        last = str(detail["loc"][-1]) if detail["loc"] else ""
        match detail["type"]:
            case "extra_forbidden":
                known = keys_of(_form_at(form, detail["loc"][:-1]))
                self.findings.append(Finding(self.tree.key((*path, *detail["loc"])), "F103",
                                             f"нет ключа «{last}»", hint(last, known, "есть")))
            case "missing":
                self.findings.append(Finding(self.tree.place(where), "F105", f"не хватает ключа «{last}»",
                                             f"добавьте «{last}:»"))
            case _:
                if any(finding.place == self.tree.place(where) for finding in self.findings):
                    return
                self.findings.append(Finding(self.tree.place(where), "F105", _words(detail),
                                             f"проверьте значение ключа «{last}»" if last else ""))

    def step(self, data: Any, path: Path) -> Step | None:
        """Return a step of a mapping whose first key is its kind."""
        kind = self._kind(data, path, STEPS, "шага")
        if kind is None:
            return None
        rest = {key: value for key, value in data.items() if key != kind}
        if "name" in rest:
            self.findings.append(Finding(self.tree.key((*path, "name")), "F103", "нет ключа «name»",
                                         f"имя поля стоит после вида: «{kind}: имя»"))
            return None
        return self.model(STEPS[kind], {"name": data[kind], **rest}, path)

    def action(self, data: Any, path: Path) -> Any:
        """Return an action of a mapping whose first key is its kind."""
        kind = self._kind(data, path, ACTIONS, "действия")
        return self.model(ACTIONS[kind], data, path) if kind else None

    def actions(self, data: Any, path: Path) -> tuple[Any, ...]:
        """Return the actions of a list; broken ones are left out, with findings."""
        if data is None:
            return ()
        if not isinstance(data, list):
            self.findings.append(Finding(self.tree.place(path), "F105", "здесь нужен список действий",
                                         "каждое действие начинается с «- »"))
            return ()
        found = [self.action(item, (*path, at)) for at, item in enumerate(data)]
        return tuple(one for one in found if one is not None)

    def _kind(self, data: Any, path: Path, kinds: Mapping[str, Any], word: str) -> str | None:
        if not isinstance(data, dict) or not data:
            self.findings.append(Finding(self.tree.place(path), "F105", f"здесь нужен вид {word} с ключами",
                                         f"виды: {', '.join(kinds)}"))
            return None
        first = next(iter(data))
        if first in kinds:
            return str(first)
        inner = [key for key in data if key in kinds]
        if inner:
            self.findings.append(Finding(self.tree.key((*path, inner[0])), "F104",
                                         f"вид {word} «{inner[0]}» стоит не первым", "поставьте его первым ключом"))
        else:
            self.findings.append(Finding(self.tree.key((*path, first)), "F104", f"нет вида {word} «{first}»",
                                         hint(first, kinds, "виды")))
        return None


def _known(tree: Tree, path: Path, loc: tuple[int | str, ...]) -> Path:
    """Follow an error's location as far as the file has it; pydantic also names union members and validators."""
    where = path
    for part in loc:
        if (*where, part) in tree.values:
            where = (*where, part)
    return where


def _form_at(form: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
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


def keys_of(form: type[BaseModel]) -> list[str]:
    """Return the keys of a class as YAML writes them."""
    return [field.alias or name for name, field in form.model_fields.items() if name != "name"]


def hint_of(form: type[BaseModel]) -> str:
    """Return what the keys of a class are."""
    return f"ключи: {', '.join(keys_of(form))}"


_WORDS = {
    "int_parsing": "нужно целое число", "decimal_parsing": "нужно число", "bool_parsing": "нужно true или false",
    "string_type": "нужен текст", "string_too_short": "текст слишком короткий",
    "string_too_long": "текст слишком длинный", "tuple_type": "нужен список", "dict_type": "нужны ключи со значениями",
    "too_short": "слишком мало пунктов", "too_long": "слишком много пунктов", "model_type": "нужны ключи со значениями",
    "literal_error": "такого значения нет",
}


def _words(detail: ErrorDetails) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return f"«{detail['input']}» здесь не подходит: нужны латинские строчные буквы, цифры и «_»"
    if detail["type"] == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    return _WORDS.get(detail["type"], "значение не подходит")
