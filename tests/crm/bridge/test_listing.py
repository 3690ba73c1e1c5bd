"""What YAML may name is found by listing, whole or not at all; what is declared gives way to what
works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from crm.bridge import listing
from crm.bridge.declared import facts as declared_facts
from crm.bridge.declared import operations as declared_operations
from crm.bridge.declared import records as declared_records
from crm.bridge.vocabulary import implemented, vocabulary
from engine.errors import EngineError
from engine.expressions.known import PERSON, type_of
from engine.expressions.types import ListOf, Type, bare
from engine.expressions.types import Record as RecordType
from engine.model.vocabulary import OperationForm, Vocabulary
from engine.schema.report import PERIOD
from tests.engine.rehearsal import shipped

DECLARED = Vocabulary(
    records=declared_records.RECORDS,
    catalogues=declared_records.CATALOGUES,
    facts=declared_facts.FACTS,
    operations=declared_operations.OPERATIONS,
)


def named(words: Vocabulary) -> dict[str, object]:
    """Return everything that a Vocabulary names, fields of records too, to its type."""
    fields = {f"{kind}.{name}": text for kind, own in words.records.items()
              for name, text in own.items()}  # fmt: skip
    return {**words.facts, **words.operations, **words.catalogues, **fields}


def both(declared: Vocabulary, works: Vocabulary) -> set[str]:
    """Return the names that are declared and work: their declared lines are to be deleted."""
    return named(declared).keys() & named(works).keys()


def otherwise(declared: Vocabulary, works: Vocabulary) -> dict[str, tuple[object, object]]:
    """Return the names that work with other types than agreed: both types."""
    agreed, there = named(declared), named(works)
    return {
        name: (agreed[name], there[name])
        for name in agreed.keys() & there.keys()
        if agreed[name] != there[name]
    }


def test_what_works_has_the_types_that_were_agreed() -> None:
    assert otherwise(DECLARED, implemented()) == {}


def test_a_name_that_works_is_declared_no_more() -> None:
    assert both(DECLARED, implemented()) == set()


def test_a_name_in_both_places_and_another_type_are_found() -> None:
    same, other = OperationForm({"blank": "blank"}), OperationForm({"mix": "mix?"})
    agreed = Vocabulary(
        operations={"reserve_blank": same, "write_off_mix": OperationForm({"mix": "mix"})},
        records={"mix": {"line": "integer?"}},
    )
    works = Vocabulary(
        operations={"reserve_blank": same, "write_off_mix": other},
        records={"mix": {"line": "text?", "own": "text"}},
    )
    assert both(agreed, works) == {"reserve_blank", "write_off_mix", "mix.line"}
    assert otherwise(agreed, works) == {
        "write_off_mix": (OperationForm({"mix": "mix"}), other),
        "mix.line": ("integer?", "text?"),
    }


def kinds_of(notation: str) -> Iterator[str]:
    kind: Type = bare(type_of(notation))
    while isinstance(kind, ListOf):
        kind = bare(kind.item)
    if isinstance(kind, RecordType) and kind.kind not in (PERIOD, PERSON):
        yield kind.kind


def test_every_record_that_a_name_speaks_of_works_too() -> None:
    works = implemented()
    notations = {
        **{f"{kind}.{name}": (text,) for kind, own in works.records.items()
           for name, text in own.items()},
        **{name: (*fact.params, fact.result) for name, fact in works.facts.items()},
        **{name: (*one.params.values(), *filter(None, [one.result]))
           for name, one in works.operations.items()},
        **{name: (kind,) for name, kind in works.catalogues.items()},
    }  # fmt: skip
    lost = {
        name: kind
        for name, texts in notations.items()
        for text in texts
        for kind in kinds_of(text)
        if kind not in works.records
    }
    assert lost == {}


def test_the_vocabulary_is_what_works_and_what_is_agreed() -> None:
    assert named(vocabulary()) == {**named(DECLARED), **named(implemented())}


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Write a package with these modules: `facts/stock` is `<package>/some/facts/stock.py`."""

    def _make(modules: dict[str, str]) -> Path:
        monkeypatch.syspath_prepend(tmp_path)
        root = tmp_path / f"plant_{tmp_path.name}"
        for path, text in modules.items():
            file = root / "some" / f"{path}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
        return root

    return _make


OPERATION = """
    from crm.operation import Operation

    def pour(by, *, mix, at):
        pass

    OPERATION = Operation({"mix": "mix"}, pour)
"""


def test_an_operation_is_a_file_that_holds_one_and_has_its_name(make: Make) -> None:
    found = listing.operations(make({"operations/pour": OPERATION, "operations/helper": ""}))
    assert {name: one.wants() for name, one in found.items()} == {"pour": {"at"}}


@pytest.mark.parametrize(
    ("was", "wrong", "words"),
    [
        ("OPERATION = Operation(", "OPERATION = (", "must hold a OPERATION"),
        ('{"mix": "mix"}', "{}", r"operation pour: .*needs \['mix'\]"),
        ('"mix"}', '"mix", "line": "integer"}', r"takes no \['line'\]"),
    ],
)
def test_a_half_done_operation_stops_the_program(
    make: Make, was: str, wrong: str, words: str
) -> None:
    root = make({"operations/pour": OPERATION.replace(was, wrong, 1)})
    with pytest.raises(EngineError, match=words):
        listing.operations(root)


def test_two_operations_of_one_name_stop_the_program(make: Make) -> None:
    root = make({"operations/pour": OPERATION, "../other/operations/pour": OPERATION})
    with pytest.raises(EngineError, match="two of the name pour"):
        listing.operations(root)


def test_a_file_of_facts_without_one_stops_the_program(make: Make) -> None:
    with pytest.raises(EngineError, match=r"facts\.stock must hold a FACT"):
        listing.facts(make({"facts/stock": ""}))


def test_records_catalogues_and_lines_of_an_app_stand_in_one_file(make: Make) -> None:
    root = make({"records": """
        from crm.catalogue.models import Company
        from crm.record import Catalogue, Record

        RECORDS = {"firm": Record(Company, {"name": "text"})}
        CATALOGUES = {"firms": Catalogue("firm", Company.objects.active)}
        LINES = {"plan_line": {"kg": "number kg"}}
    """})  # fmt: skip
    assert listing.records(root)["firm"].fields == {"name": "text"}
    assert listing.catalogues(root)["firms"].kind == "firm"
    assert listing.lines(root) == {"plan_line": {"kg": "number kg"}}


def test_a_field_that_rows_do_not_have_stops_the_program(make: Make) -> None:
    root = make({"records": """
        from crm.catalogue.models import Company
        from crm.record import Record

        RECORDS = {"firm": Record(Company, {"name": "text", "colour": "text"})}
    """})  # fmt: skip
    with pytest.raises(EngineError, match="rows of firm have no colour"):
        listing.records(root)


def test_what_stands_in_the_wrong_table_stops_the_program(make: Make) -> None:
    root = make({"records": 'CATALOGUES = {"firms": "firm"}'})
    with pytest.raises(EngineError, match="firms of CATALOGUES is no Catalogue"):
        listing.catalogues(root)


def test_states_of_records_are_the_fields_that_lifecycles_move() -> None:
    moved = {(life.record, life.field) for life in shipped().sources().lifecycles.values()}
    lost = [
        (kind, name)
        for kind, name in moved
        if kind in listing.records() and name not in listing.records()[kind].states
    ]
    assert lost == []
