"""Whatever comes into a chat, from whomever: every press is answered, nothing is said that Telegram
would not show, nothing raises, each within a second."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.rehearsal import shipped
from tests.fuzz.bounded import Bounded
from tests.fuzz.chats import LENGTH, REACHED, Talk
from tests.sizes import sizes


def test_any_talk_goes_on(said: Callable[[object], None]) -> None:
    bounded = Bounded("chats")
    for number in range(sizes().inputs // LENGTH):
        seed = f"{sizes().seed}:{number}"
        try:
            Talk(seed, bounded).run()
        except Exception as error:
            raise AssertionError(f"Talk({seed!r}, Bounded('')).run() fails: {error}") from error
    flows = {name for name, flow in shipped().flows.items() if not flow.called}
    begun = {flow for flow, _ in REACHED}
    said(f"{bounded}; {len(begun & flows)} of {len(flows)} flows begun, {len(REACHED)} places")
    assert bounded.count >= sizes().inputs
    assert 2 * len(begun & flows) > len(flows)
