"""What is larger than any file that is taken is refused unread, also from a stranger."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client

from crm.office.body import LARGEST_MB
from engine.files.keys import LARGEST

pytestmark = pytest.mark.django_db
DOOR = "/admin/login/"


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        """Fail."""
        raise AssertionError("somebody read what was to be refused")


@pytest.mark.parametrize("length", [str(LARGEST_MB * 1_000_000 + 1), "9" * 30, "-1", "²"])
def test_what_is_too_large_is_refused_unread(length: str) -> None:
    form = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "REMOTE_ADDR": "10.0.0.7"}
    told = {**form, "CONTENT_LENGTH": length, "wsgi.input": Unread()}
    answer = Client().generic("POST", DOOR, **told)  # type: ignore[arg-type]
    assert (answer.status_code, f"{LARGEST_MB}" in answer.content.decode()) == (413, True)


def test_the_largest_file_that_is_taken_passes() -> None:
    assert LARGEST + 1_000_000 < LARGEST_MB * 1_000_000
    assert Client().post(DOOR, {"username": "x" * 10_000}).status_code == 200
