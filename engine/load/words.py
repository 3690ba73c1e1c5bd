"""What pydantic says, in words: the code of the finding, what is wrong, the remedy."""

from __future__ import annotations

import re

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from engine.errors import say
from engine.expressions.suggest import hint
from engine.steps.base import Step

DECIMAL_POINT = "дробь пишется с точкой: 0.5"
_NEEDED = {
    "int_parsing": ("нужно целое число", "например 3"),
    "decimal_parsing": ("нужно число", DECIMAL_POINT),
    "bool_parsing": ("нужно true или false", "напишите true или false"),
    "bool_type": ("нужно true или false", "напишите true или false"),
    "string_too_short": ("здесь пусто", "впишите значение"),
    "tuple_type": ("нужен список", "напишите в скобках: [один, другой]"),
    "dict_type": ("нужны ключи со значениями", "напишите «ключ: значение» с отступом"),
    "model_type": ("нужны ключи со значениями", "напишите «ключ: значение» с отступом"),
    "too_short": ("здесь пусто", "нужен хотя бы один пункт"),
    "too_long": ("слишком много пунктов", "уберите лишние"),
    "greater_than_equal": ("число слишком мало", "возьмите больше"),
    "less_than_equal": ("число слишком велико", "возьмите меньше"),
}
_WORDS_ONLY = re.compile(r"\^\(([\w|]+)\)\$")


def words(detail: ErrorDetails, key: str) -> tuple[str, str, str]:
    """Say one error of pydantic; `key` is the last key of its place."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "string_type":
        return "F105", *_not_text(given, key)
    if kind == "string_too_long":
        message = say("текст длиннее {max_length} знаков", max_length=context["max_length"])
        return "F201", message, say("сократите: сейчас {count}", count=len(str(given)))
    if kind == "string_pattern_mismatch":
        return "F105", *_pattern(str(given), str(context["pattern"]))
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return "F105", say("значения «{given}» здесь нет", given=given), hint(str(given), options)
    if kind == "value_error":
        message = next(iter(context["error"].args), "")  # a text of ours, with its template
        return (
            "F105",
            message,
            say("сейчас здесь «{given}»", given=given)
            if isinstance(given, str)
            else "впишите значение",
        )
    message, remedy = _NEEDED.get(
        kind, ("значение не подходит", say("проверьте значение ключа «{key}»", key=key))
    )
    return "F105", message, remedy


def _not_text(given: object, key: str) -> tuple[str, str]:
    if given is None:
        return "здесь пусто", say("впишите значение после «{key}:»", key=key)
    if isinstance(given, dict):
        return "здесь нужен текст", "текст, который начинается с «{», возьмите в кавычки"
    return "здесь нужен текст", "возьмите текст в кавычки"


def _pattern(given: str, pattern: str) -> tuple[str, str]:
    options = _WORDS_ONLY.fullmatch(pattern)
    if options:
        known = [option for option in options[1].split("|") if option]
        return say("значения «{given}» здесь нет", given=given), hint(given, known)
    if "0-9" in pattern and "a-z" not in pattern:
        return say("«{given}» — не время дня", given=given), 'напишите в кавычках: "07:00"'
    message = say("имя «{given}» не подходит", given=given)
    return message, "нужны латинские строчные буквы, цифры и «_»"


def keys_of(form: type[BaseModel]) -> list[str]:
    """Return the keys of a class as YAML writes them: the name of a step is the value of its
    kind."""
    names = [field.alias or name for name, field in form.model_fields.items()]
    return [name for name in names if name != "name"] if issubclass(form, Step) else names


def hint_of(form: type[BaseModel]) -> str:
    """Return what the keys of a class are."""
    return say("ключи: {names}", names=", ".join(keys_of(form)))
