"""`parity.yaml`: each capability of domain 16 is shown by talks and tests, or has an issue that
owns it."""

from __future__ import annotations

from tests.shown import is_there, missing, read, shown_by, wrong

CAPABILITIES = [f"F{number}" for number in range(1, 157)]
LATER = {154}
ENTRIES, MAY_BE_MISSING = read("parity.yaml")
AT_MOST_MISSING = 0  # all are shown, and stay so


def test_every_capability_names_what_shows_it_or_its_owner() -> None:
    assert wrong(ENTRIES, CAPABILITIES) == []


def test_capabilities_of_other_issues_are_theirs_and_no_more_are_given_away() -> None:
    given = {
        code: entry["issue"]
        for code, entry in ENTRIES.items()
        if isinstance(entry, dict) and "issue" in entry
    }
    assert given == {f"F{number}": "later" for number in LATER}


def test_what_nothing_shows_yet_is_on_its_list_that_only_shrinks() -> None:
    found = missing(ENTRIES)
    print(f"capabilities that nothing shows yet: {len(found)} of {len(CAPABILITIES)}")
    assert sorted(found) == sorted(MAY_BE_MISSING)
    assert len(found) <= AT_MOST_MISSING


def test_what_the_shop_floor_does_is_shown_by_a_talk_or_on_rows() -> None:
    """A capability of the shop floor is no matter of the engine alone."""
    floor = [f"F{number}" for number in range(12, 116)]
    for code in floor:
        seen = shown_by(ENTRIES[code])
        assert any(one.endswith(".talk") or one.startswith("tests/crm/") for one in seen), code


def test_a_talk_that_is_gone_is_found() -> None:
    assert is_there("flows/receiving/raw_intake.talk")
    assert not is_there("flows/receiving/raw_intake.gone.talk")
    assert not is_there("flows/receiving/raw_intake.yaml")
