"""JSON Schemas of every kind of file, for editors: completion, hover, a first check while typing.

Made of the same classes that read the files, in the dialect that editors know (draft 7). A text may
be written as a number, true or nothing: YAML guesses before we do. Start at `schemas`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import to_jsonable_python

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.check.f418_idle_key import IDLE
from engine.expressions.written import Written
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.policies import Policy
from engine.schema.project import ProjectFile
from engine.schema.report import ReportForm
from engine.steps.base import DecisionAnswer, Step
from engine.steps.registry import KINDS as STEPS
from engine.steps.review import ReviewStep
from engine.talk.samples import Samples

Schema = dict[str, Any]
FOLDER = ".schema"
DIALECT = "http://json-schema.org/draft-07/schema#"
SCALAR = ["string", "number", "boolean", "null"]
FILES: Mapping[str, tuple[type[BaseModel], str]] = {
    "document": (DocumentForm, "one"),
    "flow": (Flow, "one"),
    "lifecycle": (Lifecycle, "one"),
    "limits": (Limit, "named"),
    "menu": (MenuEntry, "list"),
    "policies": (Policy, "list"),
    "project": (ProjectFile, "one"),
    "report": (ReportForm, "one"),
    "samples": (Samples, "one"),
}


class _Generate(GenerateJsonSchema):
    """Writes defaults that are messages as the texts that they are."""

    def encode_default(self, dft: Any) -> Any:
        return to_jsonable_python(str.__str__(dft) if isinstance(dft, str) else dft)


def schemas() -> dict[str, str]:
    """Return the text of every schema by the name of its file."""
    return {
        f"{kind}.json": json.dumps(_file(form, shape), ensure_ascii=False, indent=1) + "\n"
        for kind, (form, shape) in FILES.items()
    }


def stale(folder: Path) -> list[str]:
    """Return the schemas of a folder that are not those of the program."""
    texts = schemas()
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    names = sorted({*texts, *there})
    return [name for name in names if texts.get(name) != there.get(name)]


def _file(form: type[BaseModel], shape: str) -> Schema:
    definitions = _definitions()
    whole: Schema = {"$ref": f"#/$defs/{form.__name__}"}
    if shape == "list":
        whole = {"type": "array", "items": whole}
    if shape == "named":
        whole = {"type": "object", "additionalProperties": whole}
    used = _reached(whole, definitions)
    title = (form.__doc__ or "").strip()
    return {
        "$schema": DIALECT,
        "description": " ".join(title.split("\n\n")[0].split()),
        **whole,
        "$defs": {name: definitions[name] for name in sorted(used)},
    }


def _definitions() -> dict[str, Schema]:
    """Return the schema of every class, as YAML writes it."""
    forms = [form for form, _ in FILES.values()]
    classes: list[type[BaseModel]] = [
        *forms,
        Step,
        Action,
        DecisionAnswer,
        *STEPS.values(),
        *ACTIONS.values(),
    ]
    for form in _below(Written):
        form.model_rebuild()  # classes are built when they are first read
    _, found = models_json_schema(
        [(one, "validation") for one in classes], by_alias=True, schema_generator=_Generate
    )
    definitions: dict[str, Schema] = {
        name: _plain(schema) for name, schema in found["$defs"].items()
    }
    for kind, step in STEPS.items():
        _keyed(definitions[step.__name__], kind, step)
    definitions["Step"] = _one_of({kind: step.__name__ for kind, step in STEPS.items()}, Step)
    definitions["Action"] = _one_of({kind: one.__name__ for kind, one in ACTIONS.items()}, Action)
    actions = {"type": "array", "items": {"$ref": "#/$defs/Action"}}
    definitions["DecisionAnswer"]["properties"]["save"] |= actions
    several = definitions["Lifecycle"]["properties"]["transitions"]
    one = {"$ref": "#/$defs/Transition"}
    several["additionalProperties"] = {"anyOf": [one, {"type": "array", "items": one}]}
    return definitions


def _below(form: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Give the classes below a class."""
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


def _keyed(schema: Schema, kind: str, step: type[Step]) -> None:
    """Put the kind of a step, whose value is the name of its field, in the place of `name`, and
    leave out the keys that do nothing at it."""
    for idle in IDLE.get(kind, ()):
        del schema["properties"][idle]
    name = schema["properties"].pop("name")
    needed = [one for one in schema.get("required", []) if one != "name"]
    if issubclass(step, ReviewStep):
        keys = set(step.model_fields) - set(Step.model_fields)
        own = {key: schema["properties"].pop(key) for key in sorted(keys)}
        name = {"type": "object", "properties": own, "additionalProperties": False}
        needed = [one for one in needed if one not in own]
    name["description"] = schema["description"]
    schema["properties"] = {kind: name, **schema["properties"]}
    schema["required"] = [kind, *needed]


def _one_of(kinds: Mapping[str, str], base: type[BaseModel]) -> Schema:
    """Return the choice of kinds; each needs the key of its kind, so that exactly one fits."""
    return {
        "description": " ".join((base.__doc__ or "").split()),
        "type": "object",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds.values()],
    }


def _plain(schema: Any) -> Any:
    """Write a schema in the dialect of editors, with texts as YAML may have guessed them."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    titled = isinstance(schema.get("title"), str)  # a name made by pydantic, not a key of ours
    plain = {key: _plain(value) for key, value in schema.items() if key != "title" or not titled}
    if plain.get("type") == "string" and not {"enum", "const", "pattern"} & set(plain):
        plain["type"] = SCALAR
    either = [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]
    if len(either) == 1:  # an absent key, never one that says nothing
        del plain["anyOf"]
        plain = {**either[0], **plain}
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")
        plain["additionalItems"] = False
    if isinstance(plain.get("description"), str):
        plain["description"] = " ".join(plain["description"].split())
    return plain


def _reached(schema: Any, definitions: Mapping[str, Schema]) -> set[str]:
    """Return the names of definitions that a schema needs."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found
