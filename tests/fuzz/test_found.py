"""What fuzzing has found, each kept as it was found: a second of processor, and words instead of a
traceback."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from engine.check.checked import check_folder
from engine.check.example import FLOW, write
from engine.documents.docx import asked, render
from engine.documents.errors import BadLayout
from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.parse import ExpressionError
from engine.expressions.template import parse_template
from engine.load.tree import read_tree
from engine.model.values import Row, show
from engine.run.asking import Asking
from engine.steps.text import read_pattern
from tests.engine.documents.words import paper, texts, with_part
from tests.engine.rehearsal import plant, shipped
from tests.fuzz.bounded import Bounded, within
from tests.fuzz.files import File, Plants
from tests.fuzz.files import shipped as shipped_file

MIB = 1024 * 1024
KEYS = "".join(f"k{number}: b\n" for number in range(9_000))
HUGE_FILES = {
    "a million letters": "a: " + "я" * (MIB // 2 - 2),
    "a million letters in a key": "я" * (MIB // 2 - 2) + ": a",
    "a quarter of a million values": "- a\n" * (MIB // 4),
    "as many empty lists": f"[{'[],' * (MIB // 3 - 1)}]",
    "as many anchors": "- &a b\n" * (MIB // 7),
    "as many tags": "- !a\n" * (MIB // 5),
    "as many cut texts": "- я #я\n" * (MIB // 10),
    "the same key in every line": "a: b\n" * (MIB // 5),
    "many keys, then one of them again and again": KEYS + "k1: b\n" * 900,
    "directives": "".join(f"%TAG !a{number}! b\n" for number in range(50_000)) + "--- a",
    "directives of a second document": "a\n...\n" + "%TAG !a! b\n" * 90_000,
}


@pytest.mark.parametrize("name", HUGE_FILES)
def test_a_file_of_a_mebibyte_is_refused_at_once_and_in_one_place_or_few(name: str) -> None:
    text = HUGE_FILES[name]
    assert len(text.encode()) <= MIB
    with within():
        _, findings = read_tree("a.yaml", text)
    assert 1 <= len(findings) <= 100
    assert all(one.place.line <= len(text.split("\n")) for one in findings)


def test_a_duration_is_no_name_of_a_limit(tmp_path: Path) -> None:
    write(tmp_path)
    file = tmp_path / FLOW
    written = file.read_text("utf-8")
    file.write_text(written.replace("limit: temperature(condition)", "limit: 14d"), "utf-8")
    found = check_folder(tmp_path / "flows").findings
    assert {one.code for one in found} == {"F704"}


def test_a_question_that_waits_for_its_own_answer_is_found_and_not_gone_round(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    file = tmp_path / FLOW
    written = file.read_text("utf-8").replace("when: weight > 10", "when: is_set(reason_text)")
    text = 'when: is_set(reason_text)\n    text: "{reason_text}"\n  - notify: foreman\n    text:'
    file.write_text(written.replace('text: "Новая', text + ' "Новая'), "utf-8")
    assert [one.code for one in check_folder(tmp_path / "flows").findings] == ["F401"]


def test_a_thousand_slips_in_keys_are_read_as_they_are_meant_at_once(tmp_path: Path) -> None:
    path = "small/flows/limits.yaml"
    row = b"    - {when: condition == chilled, xmin: -2.0, max: 4.0}\n"
    Plants(tmp_path).check(File(path, shipped_file(path) + row * 1_000), Bounded("found"))


def test_a_thousand_mistakes_of_one_form_are_not_tried_with_every_other_unit(
    tmp_path: Path,
) -> None:
    path = "flows/mince/new_mko_order.yaml"
    plants, lines = Plants(tmp_path), shipped_file(path).split(b"\n")
    plants.check(File(path, b"\n".join(lines)), Bounded("caches are filled"))
    [at] = [at for at, line in enumerate(lines) if b"that: kg <= free" in line]
    lines[at:at] = [lines[at]] * 1_000
    plants.check(File(path, b"\n".join(lines)), Bounded("found"))


def question(name: str, *others: str) -> str:
    """Return a question that is asked when the answers of some others are given."""
    when = f"    when: {' and '.join(f'is_set({one})' for one in others)}\n" if others else ""
    return f"  - integer: {name}\n{when}    skip: true\n    range: [0, 9]\n    prompt: {name}\n"


RING = [f"q{at}" for at in range(12)]
WAITING = {
    "all for all": "".join(question(one, *RING) for one in RING),
    "each for the two before it": "".join(
        question(f"q{at}", *(f"q{before}" for before in range(max(0, at - 2), at)))
        for at in range(200)
    ),
}


@pytest.mark.parametrize("name", WAITING)
def test_questions_that_wait_for_each_other_are_looked_through_at_once(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path)
    steps = WAITING[name] + "  - review: {save: Сохранить}\n"
    text = f"flow: delivery\ntitle: Приёмка\nroles: [porter]\nsteps:\n{steps}after:\n"
    (tmp_path / FLOW).write_text(text + '  - reply: "{q11}"\n', "utf-8")
    with within():
        found = check_folder(tmp_path / "flows").findings
    assert found


@pytest.mark.parametrize("text", ["", " ", "\n\n", "null", "~ # nothing", "---", "--- |\n"])
def test_a_file_that_says_nothing_is_a_finding_on_its_first_line(text: str) -> None:
    _, findings = read_tree("a.yaml", text)
    assert [(one.place.line, one.message) for one in findings] == [(1, "файл пуст")]


@pytest.mark.parametrize("text", ["?", "a: 1\n?", "? - ?", "[{?"])
def test_a_value_that_nobody_wrote_stands_on_the_last_line_not_after_it(text: str) -> None:
    tree, findings = read_tree("a.yaml", text)
    places = [*tree.values.values(), *tree.keys.values(), *(one.place for one in findings)]
    assert places
    assert all(one.line <= len(tree.lines) for one in places)
    assert all(one.column <= len(tree.lines[one.line - 1]) + 1 for one in places)


def test_a_flow_of_thousands_of_questions_is_refused_and_the_first_of_them_are_checked(tmp_path):
    write(tmp_path)
    questions = "".join(f"  - text: t{number}\n    prompt: b\n" for number in range(3_000))
    head = "flow: delivery\ntitle: A\nroles: [porter]\nsteps:\n  - text: a\n    prompt: '{zzz}'\n"
    (tmp_path / FLOW).write_text(f"{head}{questions}  - review: {{save: S}}\n", "utf-8")
    check_folder(tmp_path / "flows")  # imports and caches are nobody's second
    with within():
        found = check_folder(tmp_path / "flows").findings
    assert [one.code for one in found if one.place.path == FLOW] == ["F202", "F105"]


def test_many_broken_holes_of_one_text_are_placed_at_once(tmp_path):
    write(tmp_path)
    flow = tmp_path / FLOW
    text = flow.read_text("utf-8").replace("prompt: Компания", f"prompt: '{'{b}' * 3_000}'")
    flow.write_text(text, "utf-8")
    with within():
        found = check_folder(tmp_path / "flows").findings
    assert [one.code for one in found].count("F202") == 3_000
    assert len({one.place for one in found if one.code == "F202"}) == 3_000


def test_a_long_text_is_read_in_the_time_of_its_length():
    with within():
        assert parse_template("я" * MIB).parts == ("я" * MIB,)


@pytest.mark.parametrize("number", ["sNaN", "NaN", "Infinity", "-Infinity"])
def test_what_is_no_finite_number_is_shown_as_not_given(number: str) -> None:
    assert show(Decimal(number)) == show(Decimal(number), 2) == "—"


JOINED = "join(marks, join(marks, join(marks, join(marks, join(marks, join(marks, ' '))))))"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (JOINED, {"marks": ("abc",) * 12}),
        (f"join(marks, '{'x' * 400}')", {"marks": ("a",) * 200_000}),
    ],
)
def test_what_is_joined_does_not_multiply(text, fields):
    with within(), pytest.raises(EvaluationError, match="текст длиннее"):
        compile_expression(text)(fields)


@pytest.mark.parametrize("text", ["...", "... == weight", "weight > ...", "is_set(...)"])
def test_an_ellipsis_is_no_number(text):
    # It was taken for one by the checker, and came out as a traceback where it was compiled.
    with pytest.raises(ExpressionError):
        compile_expression(text)


def test_a_fact_that_the_vocabulary_does_not_name_is_not_asked():
    asking = Asking(shipped().vocabulary, plant().ports.reads)
    with pytest.raises(EvaluationError, match="нет факта eval"):
        asking.ask("eval", ("1",))


def test_lists_within_lists_do_not_multiply():
    order = Row("order", "1", "", fields := {})
    item = Row("item", "1", "", {"order": order})
    fields["items"] = (item,) * 40
    assert compile_expression("len(order.items.order.items)")({"order": order}) == 40
    text = "len(order.items" + ".order.items" * 6 + ")"
    with within(), pytest.raises(EvaluationError, match="в списках больше"):
        compile_expression(text)({"order": order})


@pytest.mark.parametrize("pattern", ["a?" * 60, ".{0,200}" * 5 + "x", "(aa|a)" * 33])
def test_a_pattern_that_would_try_forever_is_refused(pattern):
    with pytest.raises(ValueError, match="слишком много"):
        read_pattern(pattern)


NESTED = 25
LAYOUTS = {
    "a field of a field, and so on": "{{ a" + ".a" * 3_000 + " }}",
    "brackets": "{{ " + "(" * 3_000 + "a" + ")" * 3_000 + " }}",
    "not not": "{{ " + "not " * 3_000 + "a }}",
    "and and": "{{ " + "a and " * 3_000 + "a }}",
    "filter upon filter": "{{ a" + "|day" * 3_000 + " }}",
    "condition in condition": "{% if a %}" * 300 + "x" + "{% endif %}" * 300,
    "loop in loop": "{% for b in a %}" * NESTED + "x" + "{% endfor %}" * NESTED,
    "five thousand digits": "{{ " + "9" * 5_000 + " }}",
    "a hundred million digits after the comma": "{{ a|number(100000000) }}",
    "a word after the comma": "{{ a|number('x') }}",
    "arguments from a field": "{{ a|number(*b) }}",
    "loop over letters": "{% for b in 'xxxxxxxxxx' %}x{% endfor %}",
    "a row named loop": "{% for loop in a %}x{% endfor %}",
    "a row named self": "{% for self in a %}x{% endfor %}",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_that_would_not_compile_or_not_end_is_refused(name: str) -> None:
    layout = paper(LAYOUTS[name])
    with within(), pytest.raises(BadLayout):
        asked(layout)


def test_loops_print_at_most_so_many_rows_in_all() -> None:
    rows = [{"kg": number} for number in range(300)]
    thrice = "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}x"
    with within(), pytest.raises(BadLayout, match="больше 20000 строк"):
        render(paper(thrice + "{% endfor %}"), {"rows": rows})
    twice = "{% for a in rows %}{% for b in a.rows %}{{ b }}{% endfor %}{% endfor %}"
    assert texts(render(paper(twice), {"rows": [{"rows": ["a", "b"]}] * 2})) == ["abab"]


def test_a_document_grows_no_larger_than_a_disk_holds() -> None:
    many = "{% for a in rows %}" + "ж" * 5_000 + "{% endfor %}"
    with within(), pytest.raises(BadLayout, match="слишком большим"):
        render(paper(many), {"rows": [1] * 15_000})


def test_what_is_no_list_is_not_looped_over() -> None:
    for value in ("text", 5, {"a": 1}):
        with pytest.raises(BadLayout, match="только по списку"):
            render(paper("{% for a in b %}x{% endfor %}"), {"b": value})


def packed(*entries: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return made.getvalue()


DAMAGED = {
    "XML that does not close": with_part(paper("zz"), "word/document.xml", "zz", "<a>"),
    "an entity of nowhere": with_part(paper("zz"), "word/document.xml", "zz", "&x;"),
    "other types": packed(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")),
    "compressed in another way": paper("zz").replace(b"\x08\x00", b"\x63\x00"),
    "too much of it": packed(*((f"{number}", b"\0" * 15_000_000) for number in range(3))),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_layout_is_refused(name: str) -> None:
    with within(), pytest.raises(BadLayout):
        asked(DAMAGED[name])


def test_thousands_of_placeholders_are_refused() -> None:
    document = Document()
    for _ in range(1_100):
        document.add_paragraph("{{ a }}")
    made = BytesIO()
    document.save(made)
    with pytest.raises(BadLayout, match="слишком большая"):
        asked(made.getvalue())
