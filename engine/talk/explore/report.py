"""What `cli.py paths` prints: a line a flow, then what went wrong and what was not gone through,
with line numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

from engine.errors import Place
from engine.talk.explore.explorer import Explored
from engine.talk.explore.goals import Goal, Sort
from engine.talk.explore.imagine import Filled
from engine.talk.explore.sight import TROUBLES

Places = Mapping[str, Mapping[str, Place]]  # flow, path of a step


WHY = {
    Sort.BRANCH: "не нашлось ответов, параметров и фактов, при которых это так",
    Sort.PAIR: "не нашлось ответов, параметров и фактов, при которых так сразу оба",
    Sort.SAVED: "ни один проход не сохранился",
    Sort.DECISION: "не нашлось формы, которая просит этого решения",
    Sort.ROWS: "не нашлось столько разных строк",
}


def planned_lines(one: Explored) -> Iterator[str]:
    """Write which plays are planned for a flow, and what each is there for."""
    sorts = Counter(goal.sort for goal in one.goals)
    listed = ", ".join(f"{sort} {count}" for sort, count in sorts.items())
    yield f"{one.flow}: целей {len(one.goals)} ({listed}), проходов {len(one.planned)}"
    for number, (wish, gained) in enumerate(one.planned, start=1):
        yield f"  {number}. {_setting(wish)}: новых целей {gained}"


def _setting(wish: Filled) -> str:
    words = [
        *(f"{name} № {number + 1}" for name, number in wish.setting.given.items()),
        *(f"{name}() № {number + 1}" for name, number in wish.setting.facts.items()),
        *(f"{name}: {how}" for name, how in wish.setting.jobs.items()),
    ]
    return ", ".join(words) or "всё обычное"


def explored_lines(one: Explored, places: Places, *, plays: bool = False) -> Iterator[str]:
    """Write what came of a flow; `plays`: and of each play, with its taps."""
    met = sum(goal in one.met for goal in one.goals)
    troubles = one.troubles
    yield (
        f"{'✗' if troubles else '✓'} {one.flow}: проходов {len(one.played)}, "
        f"целей {met} из {len(one.goals)}, нажатий {_taps(one.taps)}, "
        f"{one.seconds:.1f} с".replace(".", ",")
    )
    yield from _plays(one) if plays else ()
    for trouble in troubles:
        where = _place(places, trouble.flow, trouble.path)
        yield f"  {where}: {trouble.sort}: {trouble.what}"
    yield from (f"  {_place(places, goal.flow, goal.path)}: {line}" for goal, line in missed(one))


def _plays(one: Explored) -> Iterator[str]:
    """Write each play: the taps of its straight way, what it sent in all, what only it met yet."""
    seen: set[Goal] = set()
    for number, play in enumerate(one.played, start=1):
        fresh = len(play.met - seen)
        seen |= play.met
        ended = "сохранено" if play.saved is not None else play.stuck or "не сохранено"
        taps = f"нажатий {play.taps}, " if play.taps is not None else ""
        yield f"  {number}. {taps}действий {play.sent}, новых целей {fresh}: {ended}"


def missed(one: Explored) -> Iterator[tuple[Goal, str]]:
    """Give the goals that were not met, with why."""
    stuck = {play.stuck for play in one.played if play.stuck}
    for goal in one.goals:
        if goal in one.met:
            continue
        why = next((said for said in sorted(stuck) if goal.path and goal.path in said), "")
        why = why or WHY.get(goal.sort, "не нашлось ответов, которые к этому ведут")
        yield goal, f"не пройдено: {goal.sort}: {goal.path} {goal.what}".rstrip() + f" ({why})"


def _taps(taps: list[int]) -> str:
    """Write the least, the middle and the greatest number of taps of a whole way."""
    return f"{taps[0]}–{median(taps):.0f}–{taps[-1]}" if taps else "—"


def _place(places: Places, flow: str, path: str) -> str:
    """Write where a step is written; of an action, where its flow is."""
    known = places.get(flow, {})
    found = known.get(path) or next(iter(known.values()), None)
    if found is None:
        return flow
    return f"{found.path}:{found.line}" if path in known else found.path


def summary(explored: Iterable[Explored], seconds: float) -> Iterator[str]:
    """Write the last lines: all flows together, by the sort of goal."""
    done = list(explored)
    goals: Counter[Sort] = Counter(goal.sort for one in done for goal in set(one.goals))
    met: Counter[Sort] = Counter(
        goal.sort for one in done for goal in set(one.goals) if goal in one.met
    )
    listed = ", ".join(f"{sort} {met[sort]}/{goals[sort]}" for sort in Sort if goals[sort])
    yield listed
    taps = sorted(tap for one in done for tap in one.taps)
    plays, sent = (
        sum(len(one.played) for one in done),
        sum(play.sent for one in done for play in one.played),
    )
    troubles = Counter(trouble.sort for one in done for trouble in one.troubles)
    by_sort = ", ".join(f"{sort} {troubles[sort]}" for sort in TROUBLES)
    yield (
        f"Форм {len(done)}, проходов {plays}, действий {sent}, целей {met.total()} из "
        f"{goals.total()} ({100 * met.total() / max(1, goals.total()):.1f} %), нажатий на путь "
        f"{_taps(taps)}, неполадок {troubles.total()} ({by_sort}), {seconds:.1f} с"
    ).replace(".", ",")
