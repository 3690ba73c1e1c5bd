"""A layout and values make a paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.docx import Placeholder, asked, placeholders, render
from engine.documents.errors import BadLayout
from engine.documents.language import Said
from engine.model.fields import Fields
from engine.model.values import THIN_SPACE, Option, Row
from tests.engine.documents.words import paper, row_paper, saved, texts, with_part


def printed(text: str, **values: object) -> str:
    return texts(render(paper(text), values))[0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Каркас", "Каркас"),
        (Decimal("-18.5"), "−18,5"),
        (1284, "1284"),  # counts and names are not grouped
        (date(2026, 11, 24), "24.11.2026"),
        (datetime(2026, 11, 24, 8, 5, tzinfo=UTC), "24.11.2026 08:05"),
        (True, "Да"),
        (Option("frozen", "Замороженное"), "Замороженное"),
        (Row("supplier", "1", "Птицефабрика «Примерная»"), "Птицефабрика «Примерная»"),
        (0, "0"),
        (None, "—"),
        ("", "—"),
        ("  ", "—"),
        ((), "—"),
    ],
)
def test_a_value_is_printed_as_people_read_it(value: object, shown: str) -> None:
    assert printed("= {{ value }}", value=value) == f"= {shown}"


def test_a_value_that_nobody_gave_is_a_dash() -> None:
    assert printed("{{ a }} {{ b.c.d }} {{ e|number(2) }} {{ f|day }}", b={"c": None}) == "— — — —"


@pytest.mark.parametrize(
    ("filtered", "value", "shown"),
    [
        ("number(2)", Decimal("18250.5"), f"18{THIN_SPACE}250,50"),
        ("number(1)", Decimal("-8"), "−8,0"),
        ("number(2)", 17, "17,00"),
        ("number(2)", "17 и 18", "17 и 18"),
        ("digits", 1284, "1284"),
        ("digits", "12а", "12а"),
        ("day", datetime(2026, 11, 24, 8, 5, tzinfo=UTC), "24.11.2026"),
        ("day", date(2026, 11, 24), "24.11.2026"),
        ("day", "вчера", "вчера"),
    ],
)
def test_a_filter_fixes_the_form(filtered: str, value: object, shown: str) -> None:
    assert printed(f"{{{{ value|{filtered} }}}}", value=value) == shown


@pytest.mark.parametrize(
    "text",
    [
        "<b>жирно</b> & \"кавычки\" 'и' &amp; ]]>",
        "{{ number }} {% if x %} {# нет #}",
        "ООО «Учебная компания 1» <w:p/>",
        "😀 Ёё",
        "{_{ и }_}",
    ],
)
def test_every_value_is_literal(text: str) -> None:
    if "_" in text:
        assert printed("{{ value }}", value=text) == text
    else:
        assert printed("[{{ value }}]", value=text, number=1) == f"[{text}]"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), min_size=1))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    shown = printed("[{{ value }}]", value=text)
    assert shown == (f"[{text}]" if text.strip() else "[—]")


@given(st.text(st.characters()))
def test_letters_that_a_file_cannot_hold_are_dropped_and_never_break_it(text: str) -> None:
    assert printed("[{{ value }}]", value=text).startswith("[")


def test_lines_of_a_value_stay_lines() -> None:
    assert printed("[{{ value }}]", value="первая\r\nвторая\tконец") == "[первая\nвторая\tконец]"


def test_a_placeholder_split_by_the_word_processor_is_found_and_printed() -> None:
    layout = paper(("Партия {", "{ num", "ber }", "} от {{ ", "now_date }}"), "{{ weight }}")
    assert placeholders(layout) == (
        Placeholder("number", "Партия {{ number }} от {{ now_date }}"),
        Placeholder("now_date", "Партия {{ number }} от {{ now_date }}"),
        Placeholder("weight", "{{ weight }}"),
    )
    assert texts(render(layout, {"number": "2411/3"}))[0] == "Партия 2411/3 от —"


def test_a_placeholder_is_split_by_spelling_marks_too() -> None:
    marked = 'num</w:t></w:r><w:proofErr w:type="spellEnd"/><w:r><w:t>ber'
    layout = with_part(paper("{{ number }}"), "word/document.xml", "number", marked)
    assert [found.name for found in placeholders(layout)] == ["number"]
    assert texts(render(layout, {"number": 7})) == ["7"]


def test_the_place_of_a_placeholder_in_a_table_is_its_row() -> None:
    layout = row_paper(("Сырьё", "{{ raw_material }}"), ("Масса, кг", "{{ weight }}"))
    assert placeholders(layout) == (
        Placeholder("raw_material", "Сырьё | {{ raw_material }}"),
        Placeholder("weight", "Масса, кг | {{ weight }}"),
    )


def test_a_condition_leaves_out_its_paragraph() -> None:
    layout = paper("{%p if draft %}", "{{ draft }}", "{%p endif %}", "текст")
    assert texts(render(layout, {"draft": "ЧЕРНОВИК"})) == ["ЧЕРНОВИК", "текст"]
    assert texts(render(layout, {"draft": None})) == ["текст"]
    assert texts(render(layout, {})) == ["текст"]


def test_a_condition_compares_for_equality_also_what_is_missing() -> None:
    text = '{% if state == "draft" %}черновик{% else %}выдан{% endif %}'
    assert printed(text, state="draft") == "черновик"
    assert printed(text) == "выдан"


def test_a_loop_prints_a_table_row_for_each_given_row() -> None:
    layout = row_paper(
        ("Партия", "кг"),
        ("{%tr for row in rows %}", ""),
        ("{{ loop.index }}. {{ row.number }}", "{{ row.kg|number(3) }}"),
        ("{%tr endfor %}", ""),
    )
    assert [found.name for found in placeholders(layout)] == ["rows", "rows.number", "rows.kg"]
    rows = [{"number": "2411/3", "kg": Decimal("5.5")}, {"number": "2411/4", "kg": None}]
    shown = ["Партия", "кг", "1. 2411/3", "5,500", "2. 2411/4", "—"]
    assert texts(render(layout, {"rows": rows})) == shown
    assert texts(render(layout, {})) == shown[:2]


@pytest.mark.parametrize(
    "text",
    [
        "{{ value.__class__ }}",
        "{{ value.upper }}",
        "{{ 'x'.__class__.__mro__ }}",
        "{{ cycler }}{{ range }}{{ namespace }}",
    ],
)
def test_nothing_but_given_fields_can_be_reached(text: str) -> None:
    shown = printed(text, value="секрет")
    assert set("".join(shown)) == {"—"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{{ self }}", "self"),
        ("{{ loop }}", "loop"),
        ("{{ loop.__init__ }}", "loop"),
        ("{{ loop.index.real }}", "loop"),
        ("{% autoescape false %}{{ value }}{% endautoescape %}", "Scope"),
        ("{{ self.blocks }}", "self"),
        ("{{ value.upper() }}", "Call"),
        ("{{ range(9) }}", "Call"),
        ("{{ 9 ** 9 ** 9 }}", "Pow"),
        ("{{ 'x' * 999999999 }}", "Mul"),
        ("{{ value[0] }}", "Getitem"),
        ("{% set x = 1 %}", "Assign"),
        ("{% include 'x' %}", "Include"),
        ("{% import 'x' as y %}", "Import"),
        ("{% macro m() %}{% endmacro %}", "Macro"),
        ("{{ value|safe }}", "safe"),
        ("{{ value|attr('x') }}", "attr"),
        ("{{ value|number }}", "number"),
        ("{% if value > 1 %}{% endif %}", "== и !="),
        ("{% for x in y if x %}{% endfor %}", "for с условием"),
        ("{{ value", "разметке"),
        ("{% if value %}", "разметке"),
        ("{{ }}", "разметке"),
        ("{{ два слова }}", "разметке"),
    ],
)
def test_what_a_layout_may_not_say_is_refused_with_its_place(text: str, word: str) -> None:
    layout = paper("Акт", f"Партия {text}")
    with pytest.raises(BadLayout) as refused:
        render(layout, {"value": "x"})
    assert word in str(refused.value)


def test_a_mistake_of_syntax_comes_with_the_paragraph() -> None:
    with pytest.raises(BadLayout) as refused:
        placeholders(paper("Акт", "Партия {{ number | }}", "конец"))
    assert refused.value.where == "Партия {{ number | }}"


def test_a_condition_that_tears_the_page_is_refused() -> None:
    layout = row_paper(("{% if draft %}начало",), below="конец{% endif %}")
    assert texts(render(layout, {"draft": "да"})) == ["конец", "начало"]
    with pytest.raises(BadLayout, match="рвёт разметку"):
        render(layout, {})


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(BadLayout, match="не документ Word"):
        placeholders(content)


def test_a_truncated_document_is_refused() -> None:
    with pytest.raises(BadLayout):
        render(paper("{{ x }}")[:-100], {})


def test_the_same_values_give_the_same_bytes() -> None:
    layout = paper("{{ number }}", "{{ weight }}")
    values = {"number": "2411/3", "weight": Decimal("18250")}
    assert render(layout, values) == render(layout, dict(reversed(values.items())))


def test_a_document_without_placeholders_keeps_its_content() -> None:
    layout = paper("просто текст")
    assert placeholders(layout) == ()
    assert texts(render(layout, {"x": 1})) == ["просто текст"]


BATCH = Row("batch", "1", "2411/3", {"number": "2411/3", "kg": Decimal("5.5"), "note": ""})
ORDER = Row("order", "7", "№ 7", {"batch": BATCH, "parts": (BATCH, replace(BATCH, fields={}))})


def test_a_field_of_a_record_is_printed_and_the_record_itself_by_its_title() -> None:
    text = "{{ order }}, {{ order.batch }}, {{ order.batch.kg|number(2) }}, {{ order.batch.no }}"
    assert printed(text, order=ORDER) == "№ 7, 2411/3, 5,50, —"
    assert (
        printed("{{ order.batch.note }} {{ order.id }} {{ order.fields }}", order=ORDER) == "— — —"
    )


def test_of_records_that_lead_to_each_other_what_is_printed_is_read_and_no_more() -> None:
    read: list[str] = []

    def batch() -> Row:
        read.append("batch")
        return replace(BATCH, fields=Fields(dict(BATCH.fields), {"order": lambda: order}))

    order = Row("order", "7", "№ 7", Fields({"number": "7"}, {"batch": batch}))
    assert printed("{{ order.number }}", order=order) == "7"
    assert read == []
    text = "{{ order.batch.order.batch.kg }}, {{ order.batch.note }}"
    assert printed(text, order=order) == "5,5, —"
    assert read == ["batch"]


def test_records_of_a_list_are_looped_over_also_inside_a_loop() -> None:
    inner = "{% for part in order.parts %}[{{ part.kg }}]{% endfor %}"
    layout = paper(f"{{% for order in orders %}}{inner}{{% endfor %}}")
    paths = [one.said.path for one in asked(layout) if one.said]
    assert paths == ["orders", "orders[].parts", "orders[].parts[].kg"]
    assert texts(render(layout, {"orders": (ORDER, ORDER)})) == ["[5,5][—][5,5][—]"]
    assert texts(render(layout, {"orders": ()})) == [""]


def test_how_a_value_is_asked_for_is_known() -> None:
    text = '{% if state == "new" %}{{ kg|number(2) }}{% endif %}{% for row in rows %}x{% endfor %}'
    said = {one.name: one.said for one in asked(paper(text))}
    assert said == {
        "state": Said("state", 2, compared=True),
        "kg": Said("kg", 2, filters=("number",)),
        "rows": Said("rows", 2, looped=True),
    }


def test_placeholders_of_headers_and_footers_are_found_and_printed() -> None:
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].add_run("{{ dra").bold = True
    section.header.paragraphs[0].add_run("ft }}")
    section.footer.paragraphs[0].text = "{% if number %}№ {{ number }}{% endif %}"
    layout = saved(document)
    assert {one.name for one in placeholders(layout)} == {"draft", "number"}
    content = render(layout, {"draft": "ЧЕРНОВИК", "number": "7"})
    made = Document(BytesIO(content)).sections[0]
    assert made.header.paragraphs[0].text == "ЧЕРНОВИК"
    assert made.footer.paragraphs[0].text == "№ 7"
