"""Which questions of the shipped forms may be skipped, and which pictures may come as a PDF: the
marks of domain 4 by hand, nothing else has them (3.19, 3.21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from engine.steps.base import Step
from engine.steps.photos import PhotosStep
from tests.engine.rehearsal import shipped

SKIPPED = {
    "raw_intake": [
        "expected",  # «Новая»
        *("truck_unit_photo", "body_temp_photo", "body_temp", "manufacture_date", "ttn_number"),
        *("upd_photo", "ttn_photos", "tn_photo", "vet_photos", "manufacturer"),
        *("product_temp_photo", "product_temp", "pallet_photo"),
    ],
    "expected_delivery": ["ttn_number"],
    "unpacking_problem": ["photo"],  # but of a foreign body
    "defrost_finish": ["weight_after", "core_temp"],
    "help_request": ["text", "photo"],  # the text unless the topic is «Другое»
    "shift_handover": ["successor", "note"],
    "take_report": ["first"],  # of one day
}
SOMETIMES = {
    "unpacking_problem": "kind != foreign_body",
    "help_request": "topic != other",
    "take_report": "asked_report.usual",
}
PDF = {
    "raw_intake": ["upd_photo", "ttn_photos", "tn_photo", "vet_photos"],
    "replace_photo": ["papers"],
}
ONE_PICTURE = {
    "raw_intake": ["truck_unit_photo", "body_temp_photo", "product_temp_photo", "pallet_photo"],
}


def every(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from every(step.within)


def asking() -> Iterator[tuple[str, Step]]:
    for name, flow in shipped().flows.items():
        yield from ((name, step) for step in every(flow.steps))


def test_only_what_the_rules_mark_may_be_skipped():
    found: dict[str, list[str]] = defaultdict(list)
    for flow, step in asking():
        if step.skip:
            found[flow].append(step.name)
    assert dict(found) == SKIPPED
    conditions = {flow: step.skip for flow, step in asking() if isinstance(step.skip, str)}
    assert conditions == SOMETIMES


def test_a_pdf_is_taken_for_the_papers_of_a_delivery_and_nowhere_else():
    found: dict[str, list[str]] = defaultdict(list)
    for flow, step in asking():
        if isinstance(step, PhotosStep) and step.pdf:
            found[flow].append(step.name)
    assert dict(found) == PDF


def test_one_picture_is_asked_for_where_the_rules_say_so_and_up_to_twenty_elsewhere():
    found: dict[str, list[str]] = defaultdict(list)
    for flow, step in asking():
        if isinstance(step, PhotosStep) and not step.several:
            found[flow].append(step.name)
        elif isinstance(step, PhotosStep):
            assert step.count == (1, 20), (flow, step.name)
    assert dict(found) == ONE_PICTURE
