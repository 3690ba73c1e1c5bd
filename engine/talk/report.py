"""What `cli.py test` prints: a line a talk, then what of each flow and each lifecycle no talk
reached, with line numbers."""

from __future__ import annotations

from engine.errors import Place
from engine.talk.coverage import Ways
from engine.talk.lived import Lived, Point
from engine.talk.rehearse import Played, Rehearsal


def talk_line(one: Played) -> str:
    """Write a talk that was played: ✓ or ✗ and why."""
    if one.error is None:
        return f"✓ {one.talk.name} ({_seconds(one.seconds)})"
    return f"✗ {one.talk.name}\n  {one.error}"


def flow_lines(ways: Ways) -> list[str]:
    """Write the coverage of a flow and where each gap is."""
    steps, missed = len(ways.steps), len(ways.missed_steps)
    branches = len(ways.all) - steps
    gaps = len(set(ways.all) - ways.gone) - missed
    share = 100 * (steps - missed) // steps if steps else 100
    lines = [
        f"{ways.flow}: вопросов {steps - missed} из {steps} ({share} %), "
        f"ветвей {branches - gaps} из {branches}"
    ]
    lines += [f"  {_place(ways, step)}: вопрос {step} не проверен" for step in ways.missed_steps]
    lines += [
        f"  {_place(ways, step)}: {step} — не проверено: {way}"
        for step, way in ways.missed_branches
    ]
    return lines


def lifecycle_lines(lived: Lived) -> list[str]:
    """Write what the talks showed of a lifecycle and where each gap is."""
    moves = [one for one in lived.all if one.condition is None]
    conditions = [one for one in lived.all if one.condition is not None]
    lines = [
        f"{lived.lifecycle}: переходов {_shown(lived, moves)} из {len(moves)}, "
        f"отказов {_shown(lived, conditions)} из {len(conditions)}"
    ]
    return lines + [f"  {_gap(lived.places[one], one)}" for one in lived.missed]


def _shown(lived: Lived, points: list[Point]) -> int:
    return sum(one in lived.shown for one in points)


def _gap(place: Place, point: Point) -> str:
    what = "не сделан" if point.condition is None else f"не отказано: «{point.say}»"
    return f"{place.path}:{place.line}: переход {point.transition} — {what}"


def summary(rehearsal: Rehearsal, seconds: float) -> str:
    """Write the last line."""
    failed = sum(one.error is not None for one in rehearsal.played)
    told = f"не прошли: {failed}" if failed else "все прошли"
    return f"Разговоров: {len(rehearsal.played)}, {told}, {_seconds(seconds)}"


def _place(ways: Ways, step: str) -> str:
    place = ways.places.get(step)
    return f"{place.path}:{place.line}" if place else ways.flow


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} с".replace(".", ",")
