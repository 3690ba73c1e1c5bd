"""`faults.yaml`: each fault of domain 15 has tests that try to provoke it, or an issue that owns
it."""

from __future__ import annotations

from tests.shown import missing, read, wrong

FAULTS = [f"X{number}" for number in range(1, 81)]
LATER = {19, 55, 56, 79}
ENTRIES, MAY_BE_MISSING = read("faults.yaml")
AT_MOST_MISSING = 0  # all are provoked, and stay so


def test_every_fault_names_tests_that_are_there_or_its_owner() -> None:
    assert wrong(ENTRIES, FAULTS) == []


def test_faults_of_other_issues_are_theirs_and_no_more_are_given_away() -> None:
    given = {
        code: entry["issue"]
        for code, entry in ENTRIES.items()
        if isinstance(entry, dict) and "issue" in entry
    }
    assert given == {f"X{number}": "later" for number in LATER}


def test_what_nothing_provokes_yet_is_on_its_list_that_only_shrinks() -> None:
    found = missing(ENTRIES)
    print(f"faults that nothing provokes yet: {len(found)} of {len(FAULTS)}")
    assert sorted(found) == sorted(MAY_BE_MISSING)
    assert len(found) <= AT_MOST_MISSING


def test_a_lost_fault_a_lost_test_and_an_empty_entry_are_found() -> None:
    here = "tests/test_faults.py::test_what_nothing_provokes_yet_is_on_its_list_that_only_shrinks"
    entries = {
        "X1": [here], "X2": [], "X3": ["tests/test_faults.py::test_gone"],
        "X4": {"issue": "Z"}, "X5": {"issue": "D"}, "X9": [here],
    }  # fmt: skip
    assert wrong(entries, ["X1", "X2", "X3", "X4", "X5", "X6"]) == [
        "X6 is not there",
        "X9 is not asked for",
        "X2 names neither a test nor an owner",
        "X3 names tests/test_faults.py::test_gone, which is not there",
        "X4 names neither a test nor an owner",
    ]
