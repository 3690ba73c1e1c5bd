"""The threats of crm/README.md: each names tests that try it, and nothing leads the server to an
address that somebody typed."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from tests.shown import ROOT, read, wrong

THREATS, _ = read("threats.yaml")
CLIENT = re.compile(r"\b(?:urlopen|PoolManager|ClientSession|HTTPS?Connection)\(")
ASKS = {  # whose address is of the settings, but for a port of this machine of the second
    "crm/care/collector.py",
    "crm/care/doctor.py",
    "crm/plant/processes.py",
    "engine/files/minio.py",
}
PHONES = "engine/simulator/"  # phones ask their own Bot API


def test_the_threats_of_the_page_are_those_that_tests_try() -> None:
    page = (ROOT / "crm/README.md").read_text("utf-8")
    told = re.findall(r"^\| (T\d+) \|", page, re.MULTILINE)
    assert len(told) == len(set(told)) >= 18
    assert wrong(THREATS, told) == []


def test_nobody_can_type_an_address_that_the_server_would_ask() -> None:
    columns = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.URLField)
    ]
    assert columns == []
    found = [path for path in _modules() if re.search(r"\bURLField\b", path.read_text("utf-8"))]
    assert found == []


def test_only_these_modules_ask_an_address_and_each_takes_it_from_the_settings() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in _modules()
        if CLIENT.search(path.read_text("utf-8"))
    }
    assert asking == ASKS


def _modules() -> list[Path]:
    found = [path for folder in ("crm", "engine") for path in (ROOT / folder).rglob("*.py")]
    return [one for one in found if not one.relative_to(ROOT).as_posix().startswith(PHONES)]
