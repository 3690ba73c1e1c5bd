"""In which order keys stand: that of the manual, which is that of the classes. Start at `order`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.load.layout import Order
from engine.load.tree import Path
from engine.steps.base import DecisionAnswer, Step
from engine.steps.registry import KINDS as STEPS

# A question: what it is called and when it is asked, what its kind adds, then how it asks.
EARLY = ("label", "when", "otherwise", "known", "default", "suggest")
LATE = ("skip", "example", "limit", "prompt", "hint", "unrecognised", "unique", "steps", "summary")
LAST = ("check", "confirm", "warn", "starts", "on_deviation")
BASES: tuple[tuple[type[BaseModel], Mapping[str, Any]], ...] = ((Step, STEPS), (Action, ACTIONS))


def order(form: type[BaseModel], shape: str, data: Any) -> Order:
    """Return the order of keys in a file of a class; `shape` tells whether the file is one, a
    mapping of named ones, or a list of them."""
    found: dict[Path, tuple[str, ...]] = {}
    if shape == "one":
        _walk(form, data, (), found)
    else:
        parts = data.items() if isinstance(data, dict) else enumerate(data or ())
        for name, part in parts:
            _walk(form, part, (name,), found)

    def ordered(path: Path, keys: Sequence[str]) -> Sequence[str]:
        known = found.get(path, ())
        place = {key: at for at, key in enumerate(known)}
        return sorted(keys, key=lambda key: place.get(key, len(place))) if known else keys

    return ordered


def _walk(form: type[BaseModel], data: Any, path: Path, found: dict[Path, tuple[str, ...]]) -> None:
    if not isinstance(data, dict) or not data:
        return
    for base, kinds in BASES:
        if form is base:
            form = kinds.get(next(iter(data)), form)
    found[path] = _keys(form)
    fields = {field.alias or name: field.annotation for name, field in form.model_fields.items()}
    for key, value in data.items():
        inner: Path = (*path, key)
        if form is DecisionAnswer and key == "save":
            _inside(tuple[Action, ...], value, inner, found)
        elif key in fields:
            _inside(fields[key], value, inner, found)


def _inside(annotation: Any, value: Any, path: Path, found: dict[Path, tuple[str, ...]]) -> None:
    """Walk what a field holds: an object, a list of them, or several by name."""
    form, named = _form(annotation), _named(annotation)
    if form is None:
        return
    if isinstance(value, list):
        for at, item in enumerate(value):
            _inside(annotation, item, (*path, at), found)
    elif isinstance(value, dict) and named is not None:
        for name, item in value.items():
            _inside(named, item, (*path, name), found)
    else:
        _walk(form, value, path, found)


def _keys(form: type[BaseModel]) -> tuple[str, ...]:
    names = [field.alias or name for name, field in form.model_fields.items()]
    kind = str(getattr(form, "kind", ""))
    if issubclass(form, Step):
        common = (*EARLY, *LATE, *LAST)
        own = [name for name in names if name not in common and name != "name"]
        return (kind, *EARLY, *own, *LATE, *LAST)
    return (kind, *(name for name in names if name != kind)) if kind else tuple(names)


def _form(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((one for one in map(_form, get_args(annotation)) if one is not None), None)


def _named(annotation: Any) -> Any:
    """Return what a mapping by names holds; None of what is no such mapping."""
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    return next((one for one in map(_named, get_args(annotation)) if one is not None), None)
