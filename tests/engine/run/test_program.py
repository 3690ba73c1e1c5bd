"""The compiled project: its digest tells versions apart, its parts are looked up by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.run.limits import read_call
from engine.run.program import compile_program
from engine.talk.plant import rehearsal_plant
from tests.engine.rehearsal import FLOWS, copied, loaded, plant, program, samples, shipped


def test_loading_twice_gives_the_same_digest():
    assert loaded(FLOWS).digest == shipped().digest == program().digest


def test_a_changed_text_gives_another_digest(tmp_path: Path):
    root = copied(tmp_path)
    assert loaded(root).digest == shipped().digest
    flow = root / "receiving" / "raw_intake.yaml"
    flow.write_text(flow.read_text("utf-8").replace("Номер ТТН", "Номер накладной"), "utf-8")
    assert loaded(root).digest != shipped().digest


@pytest.mark.parametrize(
    "name",
    [
        "templates/incoming_control/layout.docx",
        "flows/reports/shipment_list/layout.xlsx",
        "locales/en/LC_MESSAGES/flows.po",
    ],
)
def test_layouts_and_translations_are_part_of_the_digest(tmp_path: Path, name: str):
    root = copied(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    assert loaded(root).digest != shipped().digest


def test_a_talk_is_no_part_of_the_digest(tmp_path: Path):
    root = copied(tmp_path)
    (root / "receiving" / "raw_intake.new.talk").write_text("receiver> /start\n", "utf-8")
    assert loaded(root).digest == shipped().digest


def test_compiling_twice_gives_programs_that_work_alike():
    one, other = (compile_program(shipped().sources()) for _ in range(2))
    assert one.digest == other.digest
    assert one.flows["raw_intake"].steps == other.flows["raw_intake"].steps
    assert one.flows["raw_intake"].codes == other.flows["raw_intake"].codes


def test_a_number_of_a_record_is_shown_with_the_digits_of_its_unit():
    texts = program().flows["raw_intake"].texts
    notice = next(text for text in texts if "Новая партия сырья" in text)
    decimals = [hole.decimals for hole in texts[notice].holes]
    assert 3 in decimals


@pytest.mark.parametrize(
    "text", ["nothing(condition)", "receiving_temperature", "receiving_temperature(a, b)", "2 + 2"]
)
def test_a_broken_limit_does_not_compile(text: str):
    with pytest.raises(EngineError, match="broken limit"):
        read_call(text, program().limits)


def test_the_production_day_begins_when_project_yaml_says(tmp_path: Path):
    root = copied(tmp_path)
    path = root / "project.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('production_day: "07:00"', 'production_day: "10:30"'), "utf-8")
    changed = compile_program(loaded(root).sources())
    days = [
        compile_expression("production_day()")({}, None, on.clock.now())
        for on in (plant(), rehearsal_plant(changed, shipped().vocabulary, samples()))
    ]
    assert days == [date(2026, 11, 22), date(2026, 11, 21)]  # both stand at 10:00 of the 22nd
