"""Every rule finds the mistake of its example at its exact place, and nothing in the example done
right."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.checked import check_folder
from engine.check.example import (
    CALLED,
    DOCUMENT,
    FLOW,
    LOAD,
    MEASURED,
    MENU,
    PROJECT,
    REPORT,
    write,
)
from engine.check.rule import Example
from engine.check.rules import RULES
from engine.errors import Finding, Place

EXAMPLES = [
    pytest.param(code, example, id=f"{code}-{at}")
    for code, rule in RULES.items()
    for at, example in enumerate(rule.examples)
]


def findings(folder: Path, example: Example | None, text: str) -> tuple[tuple[Finding, ...], Place]:
    """Return what is found in the small project after an edit, and where its token stands."""
    flows = write(folder, spoken=bool(example and example.spoken))
    if example is None:
        return check_folder(flows).findings, Place("")
    path = folder / example.file
    before = path.read_text("utf-8")
    assert before.count(example.find) >= 1
    start = before.index(example.find)
    after = before.replace(example.find, text, 1)
    path.write_text(after, "utf-8")
    token = start + text.index(example.at) if example.at in text else after.find(example.at)
    line = after.count("\n", 0, token) + 1
    column = token - after.rfind("\n", 0, token)
    return check_folder(flows).findings, Place(example.file, line, column)


def test_every_rule_has_an_example() -> None:
    assert [code for code, rule in RULES.items() if not rule.examples] == []
    assert len(RULES) >= 20


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_mistake_of_an_example_is_found_at_its_place(
    code: str, example: Example, tmp_path: Path
) -> None:
    found, place = findings(tmp_path, example, example.bad)
    assert [finding.code for finding in found] == [code]
    at = found[0].place
    assert (at.path, at.line, at.column) == (place.path, place.line, place.column)
    assert example.hint in found[0].hint


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_example_done_right_has_no_findings(
    code: str, example: Example, tmp_path: Path
) -> None:
    found, _ = findings(tmp_path, example, example.good)
    assert found == (), code


def test_the_small_project_itself_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, None, "")[0] == ()


def test_a_limit_that_everybody_asks_in_another_unit_is_the_slip_itself(tmp_path: Path) -> None:
    flows = write(tmp_path)
    flow = (tmp_path / FLOW).read_text("utf-8")
    again = flow.replace("flow: delivery", "flow: second").replace("body_temp", "core_temp")
    (flows / "area/second.yaml").write_text(again + "anywhere: true\n", "utf-8")
    limits = flows / "limits.yaml"
    limits.write_text(limits.read_text("utf-8").replace("unit: °C", "unit: kg"), "utf-8")
    assert [(one.code, one.place.path, one.place.line) for one in check_folder(flows).findings] == [
        ("F704", "flows/limits.yaml", 3)
    ]


def test_a_mistyped_name_of_a_question_gives_one_finding_where_it_is_asked(tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = tmp_path / FLOW
    path.write_text(path.read_text("utf-8").replace("number: weight", "number: wieght"), "utf-8")
    (found,) = check_folder(flows).findings
    assert (found.code, found.place.line, found.place.column) == ("F303", 31, 13)
    assert "weight" in found.hint
    assert found.message.startswith("поле названо «wieght», а читают «weight»: строки ")


def test_a_name_that_is_mistyped_where_it_is_read_is_found_there(tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = tmp_path / FLOW
    path.write_text(path.read_text("utf-8").replace("{count_of}", "{cuont_of}"), "utf-8")
    text = path.read_text("utf-8").replace("weight > 10", "wieght > 10")
    path.write_text(text, "utf-8")
    assert [(one.code, one.place.line) for one in check_folder(flows).findings] == [("F303", 36)]


def test_a_document_that_nothing_prints_is_found_in_its_own_file(tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = tmp_path / FLOW
    printing = "  - document: act\n    from: taken\n"
    text = path.read_text("utf-8")
    assert printing in text
    path.write_text(text.replace(printing, ""), "utf-8")
    (found,) = check_folder(flows).findings
    assert (found.code, found.place.path, found.place.line) == ("F709", DOCUMENT, 1)


def test_a_called_flow_that_nothing_calls_is_found(tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = tmp_path / MEASURED
    called = "call: size\n    flow: sizes\n    with: {least: 1}\n"
    text = path.read_text("utf-8")
    assert called in text
    asked = text.replace(called, "number: size\n    unit: kg\n    prompt: Размер\n")
    path.write_text(asked.replace("size.size", "size"), "utf-8")
    (found,) = check_folder(flows).findings
    assert (found.code, found.place.path, found.place.line) == ("F408", CALLED, 1)


def test_a_flow_is_found_unopened_when_its_one_button_is_gone_and_remembered_so(
    tmp_path: Path,
) -> None:
    flows = write(tmp_path)
    path = tmp_path / MEASURED
    path.write_text(path.read_text("utf-8").replace("anywhere: true\n", ""), "utf-8")
    (found,) = check_folder(flows, cached=True).findings
    assert (found.code, found.place.path) == ("F408", MEASURED)
    path.write_text(path.read_text("utf-8").replace("Обмер", "Обмер груза"), "utf-8")
    assert check_folder(flows, cached=True).findings == (found,)
    other = tmp_path / FLOW
    opened = other.read_text("utf-8") + "  - open: measuring\n"
    other.write_text(opened, "utf-8")
    assert check_folder(flows, cached=True).findings == ()


@pytest.mark.parametrize(
    ("way", "code"),
    [("load.made_by", ""), ("load.made_yb", "F303"), ("load.number", "F310")],
)
def test_the_way_from_a_record_to_a_person_is_looked_up(
    way: str, code: str, tmp_path: Path
) -> None:
    flows = write(tmp_path)
    path = tmp_path / LOAD
    text = path.read_text("utf-8")
    for word in ("owner: foreman", "for: crew(loaders)", "by: foreman"):
        path.write_text(text.replace(word, f"{word.split()[0]} {way}", 1), "utf-8")
        assert [one.code for one in check_folder(flows).findings] == ([code] if code else []), word


@pytest.mark.parametrize(
    ("file", "find", "put"),
    [
        (FLOW, "roles: [porter]", "roles: [{}]"),
        (FLOW, "decide: foreman", "decide: {}"),
        (MENU, "roles: [porter]", "roles: [{}]"),
        (REPORT, "roles: [porter, foreman]", "roles: [{}]"),
        (PROJECT, "{role: foreman}", "{{role: {}}}"),
        (PROJECT, "forms: [foreman]", "forms: [{}]"),
        (PROJECT, "duties:", "escalation: {{breach: [{}]}}\nduties:"),
    ],
)
@pytest.mark.parametrize("word", ["load.guard", "actor", "crew(loaders)", "system"])
def test_only_a_role_may_stand_where_nobody_else_is_asked(
    file: str, find: str, put: str, word: str, tmp_path: Path
) -> None:
    flows = write(tmp_path)
    path = tmp_path / file
    path.write_text(path.read_text("utf-8").replace(find, put.format(word), 1), "utf-8")
    assert [(one.code, one.place.path) for one in check_folder(flows).findings] == [("F501", file)]


@pytest.mark.parametrize("key", ["owner: foreman", "for: crew(loaders)", "by: foreman"])
def test_the_actor_is_nobody_in_a_key_of_a_lifecycle(key: str, tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = tmp_path / LOAD
    put = f"{key.split(maxsplit=1)[0]} actor"
    path.write_text(path.read_text("utf-8").replace(key, put, 1), "utf-8")
    assert [one.code for one in check_folder(flows).findings] == ["F501"]


@pytest.mark.parametrize(
    "action", ["notify: guard", "task: look, for: guard, about: load, flow: measuring"]
)
def test_a_bare_word_of_an_action_is_the_role_though_the_record_has_such_a_person(
    action: str, tmp_path: Path
) -> None:
    flows = write(tmp_path)
    path = tmp_path / LOAD
    path.write_text(path.read_text("utf-8").replace("notify: foreman", action), "utf-8")
    assert check_folder(flows).findings == ()


@pytest.mark.parametrize(
    ("first", "codes"),
    [
        ("  - scan: code\n    prompt: Код\n", []),
        ("  - text: code\n    when: held_by('guard') > 0\n    prompt: Код\n", []),
        ("  - group: both\n    steps:\n      - scan: code\n        prompt: Код\n", []),
        ("  - integer: code\n    range: [0, 9]\n    prompt: Код\n", ["F510"]),
        (
            "  - integer: code\n    range: [0, 9]\n    prompt: Код\n"
            "    when: held_by('guard') > 0\n  - scan: other\n    prompt: Код\n",
            [],
        ),
    ],
    ids=["scan", "sometimes text", "in a group", "number", "sometimes number"],
)
def test_a_link_wants_a_first_question_that_takes_its_code_and_memory_knows_it(
    first: str, codes: list[str], tmp_path: Path
) -> None:
    flows = write(tmp_path)
    menu, flow = tmp_path / MENU, tmp_path / FLOW
    menu.write_text(menu.read_text("utf-8").replace("delivery,", "delivery, link: true,"), "utf-8")
    assert [one.code for one in check_folder(flows, cached=True).findings] == ["F510"]
    flow.write_text(flow.read_text("utf-8").replace("steps:\n", f"steps:\n{first}", 1), "utf-8")
    warm, cold = check_folder(flows, cached=True).findings, check_folder(flows).findings
    assert warm == cold
    assert [one.code for one in cold if one.code != "F407"] == codes


@pytest.mark.parametrize("zone", ["Moscow", "Europe", "../etc/passwd", "Учебный завод"])
def test_a_zone_that_is_not_there_is_found(zone: str, tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = flows / "project.yaml"
    path.write_text(path.read_text("utf-8").replace("Europe/Moscow", zone), "utf-8")
    assert [one.code for one in check_folder(flows).findings] == ["F105"]


@pytest.mark.parametrize(
    ("slip", "codes"),
    [
        ("prompt: Сколько бирок {wieght}", ["F202"]),
        ("prompt: |\n      Сколько\n      бирок {wieght}", ["F202"]),
        ("prompt: Сколько бирок\n    when: wieght > 1", ["F212", "F303"]),
    ],
    ids=["in it", "lines below in it", "beside it"],
)
def test_the_translation_of_a_text_that_is_wrong_itself_waits(
    slip: str, codes: list[str], tmp_path: Path
) -> None:
    flows = write(tmp_path, spoken=True)
    path = tmp_path / FLOW
    path.write_text(path.read_text("utf-8").replace("prompt: Бирок", slip), "utf-8")
    assert [one.code for one in check_folder(flows).findings] == codes


def test_a_form_called_otherwise_than_its_file_is_not_asked_to_be_translated_anew(
    tmp_path: Path,
) -> None:
    flows = write(tmp_path, spoken=True)
    path = tmp_path / MEASURED
    path.write_text(path.read_text("utf-8").replace("flow: measuring", "flow: messuring"), "utf-8")
    assert [one.code for one in check_folder(flows).findings] == ["F719"]
