"""What the schemas offer at a question the program takes: the same keys, and every value that a
schema writes as an example of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engine.check.f418_idle_key import IDLE, idle
from engine.check.json_schemas import schemas
from engine.errors import Finding
from engine.load.forms import Reader
from engine.load.tree import read_tree
from engine.load.words import keys_of
from engine.steps.registry import KINDS

OFFERED: Mapping[str, Any] = json.loads(schemas()["flow.json"])["$defs"]
WORDS = {"^[0-9]+[smhd]$": "15m", r"^[a-z][a-z0-9_]{0,40}$": "field"}  # of patterns
VALUE = "the same"  # as the key beside which it stands
# What a kind wants of its keys together, which no schema of one key says.
BASES: Mapping[str, Mapping[str, Any]] = {
    "pick": {"from": "rows(x)"},
    "picks": {"from": "rows(x)"},
    "wait": {"until": "true"},
    "show": {},
}
BESIDE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("text", "pattern"): {"example": VALUE},
    ("scan", "pattern"): {"example": VALUE},
    ("pick", "add"): {"from": "rows"},
    ("show", "from"): {"card": "x", "from": "rows(x)"},
    ("wait", "for"): {"until": None},
}


def instances(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Give values that a schema takes: each of its ways, each key alone."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        if name in ("Step", "Action"):
            yield {"text": "inner"} if name == "Step" else {"reply": "x"}
        else:
            yield from instances(OFFERED[name])
    elif "const" in schema or "enum" in schema:
        yield from schema.get("enum", [schema.get("const")])
    elif either := schema.get("anyOf") or schema.get("oneOf"):
        for one in either:
            yield from instances(one)
    else:
        yield from of_type(schema)


def of_type(schema: Mapping[str, Any]) -> Iterator[Any]:
    wanted = schema.get("type")
    if isinstance(wanted, list):  # a text, as YAML may guess it
        yield from ("x", 12, True)
    elif wanted == "string":
        yield from worded(schema["pattern"])
    elif wanted == "boolean":
        yield from (True, False)
    elif wanted in ("integer", "number"):
        yield from {schema.get("minimum", 1), schema.get("maximum", 1)}
    elif wanted == "array":
        yield from listed(schema)
    else:
        assert wanted == "object", schema
        yield from mapped(schema)


def worded(pattern: str) -> Iterator[str]:
    if pattern in WORDS:
        yield WORDS[pattern]
    else:  # some words: ^(one|other)$
        yield from filter(None, pattern.removeprefix("^(").removesuffix(")$").split("|"))


def listed(schema: Mapping[str, Any]) -> Iterator[list[Any]]:
    items = schema["items"]
    if isinstance(items, list):  # a place each
        yield [next(instances(one)) for one in items]
        return
    for one in instances(items):
        yield [one] * schema.get("minItems", 1)


def mapped(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    keys, needed = schema.get("properties", {}), schema.get("required", [])
    least = {key: next(instances(keys[key])) for key in needed}
    if not keys:
        for one in instances(schema["additionalProperties"]):
            yield {"x": one}
    elif least:
        yield least
    for key in keys.keys() - {*needed}:
        for one in instances(keys[key]):
            yield {**least, key: one}


def keys_at(kind: str) -> dict[str, Any]:
    """Return the schemas of the keys that are offered at a kind, without that of its name."""
    found = dict(OFFERED[KINDS[kind].__name__]["properties"])
    del found[kind]
    return found


def found(kind: str, step: Mapping[str, Any]) -> list[Finding]:
    """Return what the program says of a question."""
    tree, broken = read_tree("x.yaml", json.dumps(step, ensure_ascii=False))
    reader = Reader(tree)
    part = reader.step(tree.data, ())
    return [*broken, *reader.findings, *(idle(tree, part) if part else ())]


def complete(step: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Return a question with a value where another key must be the same, without what is None."""
    return {name: value if one is VALUE else one for name, one in step.items() if one is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_the_keys_offered_at_a_question_are_those_that_it_takes(kind: str) -> None:
    own = {*KINDS[kind].model_fields} - {"name"} if kind == "review" else set()
    inner = {*OFFERED["ReviewStep"]["properties"]["review"]["properties"]} & own
    taken = {*keys_of(KINDS[kind])} - {*IDLE.get(kind, ())} - inner
    assert keys_at(kind).keys() == taken


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_that_a_schema_offers_at_a_question_is_taken(kind: str) -> None:
    needed = OFFERED[KINDS[kind].__name__]["required"]
    offered = keys_at(kind)
    base = {kind: "x" if kind != "review" else {}}
    base |= {key: next(instances(offered[key])) for key in needed if key != kind}
    base |= BASES.get(kind, {})
    assert found(kind, base) == []
    wrong = {
        f"{key}: {value}": [one.message for one in said]
        for key, schema in offered.items()
        for value in instances(schema)
        for step in [{**base, key: value, **BESIDE.get((kind, key), {})}]
        for said in [found(kind, complete(step, value))]
        if said
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("kind", "key"), [("integer", "unit"), ("value", "prompt"), ("repeat", "skip")]
)
def test_what_the_program_refuses_no_schema_offers(kind: str, key: str) -> None:
    assert key not in keys_at(kind)


def test_a_list_takes_a_typed_text_and_no_number() -> None:
    step = {"pick": "x", "from": "rows(x)", "other": {"number": {"unit": "kg"}}}
    assert {one.code for one in found("pick", step)} == {"F103", "F105"}
    assert next(instances(keys_at("pick")["other"])).keys() == {"text"}
