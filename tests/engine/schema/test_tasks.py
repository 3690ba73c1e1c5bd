"""What a task of a state may be made of."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.schema.lifecycle import TaskForm


def test_a_task_may_have_buttons_and_a_form_beside_them() -> None:
    task = TaskForm.model_validate(
        {"kind": "unpack", "for": "lab", "buttons": ["finish"], "flow": "problem", "button": "Ой"}
    )
    assert (task.buttons, task.flow) == (("finish",), "problem")


@pytest.mark.parametrize(
    ("way", "why"),
    [({}, "нужны"), ({"buttons": ["finish"], "flow": "finish"}, "называется как её кнопка")],
)
def test_a_task_needs_a_way_and_its_form_is_not_called_like_its_button(
    way: dict[str, object], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        TaskForm.model_validate({"kind": "unpack", "for": "lab", **way})
