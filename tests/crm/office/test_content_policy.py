"""What a page of the office may run and ask for, whatever somebody has typed into it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
HANDLED = "click|change|submit|input|load|error|key[a-z]+|focus|blur|mouse[a-z]+"
INLINE = re.compile(
    rf"\bon(?:{HANDLED})\s*=\s*[\"']|javascript:|<script(?![^>]*(?: src=|application/json))"
)


def policy(address: str) -> dict[str, set[str]]:
    """Return the policy of an answer by directive."""
    said = Client().get(address, follow=True)["Content-Security-Policy"]
    parts = (part.split() for part in said.split(";"))
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.django_db
def test_a_page_runs_the_scripts_of_our_files_alone_and_is_put_into_no_other() -> None:
    said = policy("/admin/")
    # Alpine, by which the theme works, makes functions out of its attributes.
    assert said["script-src"] == {"'self'", "'unsafe-eval'"}
    assert said["default-src"] == {"'self'"}
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert said[name] == {"'none'"}
    assert said["form-action"] == {"'self'"}


def test_no_page_of_ours_has_a_script_of_its_own() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder, ending in (("crm", "*.html"), ("crm", "*.py"))
        for path in (ROOT / folder).rglob(ending)
        for line in path.read_text("utf-8").splitlines()
        if INLINE.search(line)
    ]
    assert found == []
