"""The ports, one suite for every implementation: what the engine counts on, whoever satisfies it.

A test module imports these classes and gives a fixture `house`: an implementation with the people
and catalogues of `flows/samples.yaml`, inside an open transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import pytest

from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message
from engine.model.conversation import (
    Actor,
    Answer,
    Button,
    Kind,
    Screen,
    Seen,
    Session,
    Signal,
    State,
    Verdict,
)
from engine.model.effects import Notice, Paper, Request
from engine.model.text import Text, bold
from engine.model.values import Option, Row
from engine.model.work import DECISION, RETRY, Receivers, Signature, TaskWanted
from engine.model.zone import PlantZone
from engine.plant_ports import Timers
from engine.ports import Context, Ports
from engine.run.advance import start
from engine.run.cards import close_card
from engine.run.program import Program
from tests.engine.rehearsal import at_body_temp, at_review, plant, program
from tests.engine.run.scales import scales

HOUSE_ID = UUID("00000000-0000-4000-8000-0000000000aa")


@dataclass
class House:
    """An implementation under test, with the people and catalogues of the samples.

    `chat` gives the chat of a holder of a role, `unknown` is a chat of nobody, `under` the same
    implementation with all that it keeps under another Program, `to` brings it to a moment."""

    ports: Ports
    timers: Timers
    chat: Callable[..., int]
    under: Callable[[Program], House]
    to: Callable[[datetime], None]
    unknown: int = 5_000_001

    @property
    def now(self) -> datetime:
        return self.ports.reads.clock.now()

    def actor(self, role: str, index: int = 0) -> Actor:
        actor = self.ports.people.actor(self.chat(role, index))
        assert actor is not None
        return actor


def parts(text: str) -> tuple[object, ...]:
    """Return what a message is made of: two are equal already when their Russian is."""
    assert isinstance(text, Message)
    return tuple(getattr(text, name) for name in Message.__slots__)


def session_of(house: House, number: int = 0, state: State = State.TALKING) -> Session:
    return Session(
        uuid5(HOUSE_ID, str(number)),
        "raw_intake",
        program().digest,
        house.actor("receiver"),
        "weight",
        {"weight": Answer(Decimal("18250.5"), approved=True)},
        trail=("company",),
        state=state,
    )


def request_of(house: House, number: int = 0) -> Request:
    """Return a request for a decision as a warm truck makes it."""
    talker = at_body_temp(plant())
    (effect,) = talker.say("-5,5").effects
    assert isinstance(effect, Request)
    session = replace(
        effect.session, id=uuid5(HOUSE_ID, str(number)), actor=house.actor("receiver")
    )
    return replace(effect, id=str(uuid5(session.id, "body_temp:1")), session=session)


def written_and_broken(house: House, key: str) -> None:
    """Write a notice inside a transaction that is then left by an exception."""
    with house.ports.transaction():
        house.ports.outbox.notify(Notice(key, Text.of("нет"), ("receiver",)))
        raise ValueError("stop")


class TestClock:
    def test_the_time_is_the_plants_and_knows_when_its_production_day_begins(self, house: House):
        zone = house.now.tzinfo
        assert isinstance(zone, PlantZone)
        plant = program().project.plant
        assert (zone.key, f"{zone.day_begins:%H:%M}") == (plant.zone, plant.production_day)


class TestTransaction:
    def test_leaving_by_an_exception_takes_everything_back(self, house: House):
        with pytest.raises(ValueError, match="stop"):
            written_and_broken(house, "k")
        assert house.ports.outbox.claim(house.now, 9) == ()

    def test_an_inner_one_is_taken_back_alone(self, house: House):
        with house.ports.transaction():
            house.ports.outbox.notify(Notice("outer", Text.of("да"), ("receiver",)))
            with pytest.raises(ValueError, match="stop"):
                written_and_broken(house, "inner")
        assert [str(one.text) for one in house.ports.outbox.claim(house.now, 9)] == ["да"]


class TestCatalogues:
    def test_a_page_is_in_the_order_of_titles_and_says_how_many_there_are(self, house: House):
        catalogues = house.ports.reads.catalogues
        first, second = (catalogues.page("raw_materials", "", at, 8) for at in (0, 8))
        titles = [option.title for option in (*first.options, *second.options)]
        assert first.total == second.total == 11
        assert len(first.options) == 8
        assert titles == sorted(titles, key=str.casefold)

    def test_a_search_ignores_case(self, house: House):
        page = house.ports.reads.catalogues.page("raw_materials", "КОСТЬ", 0, 8)
        assert [one.title for one in page.options] == ["Грудная кость", "Трубчатая кость"]
        assert page.total == 2

    def test_exact_ignores_case_and_spaces_around_and_nothing_else(self, house: House):
        catalogues = house.ports.reads.catalogues
        found = catalogues.exact("raw_materials", "  каркас ")
        assert found is not None
        assert found.title == "Каркас"
        assert catalogues.exact("raw_materials", "карка") is None

    def test_similar_finds_the_nearest_first(self, house: House):
        similar = house.ports.reads.catalogues.similar("raw_materials", "Каркасс", 5)
        assert similar[0].title == "Каркас"
        assert house.ports.reads.catalogues.similar("raw_materials", "щщщщщ", 5) == ()

    def test_get_finds_by_code(self, house: House):
        catalogues = house.ports.reads.catalogues
        option = catalogues.page("suppliers", "", 0, 1).options[0]
        assert catalogues.get("suppliers", option.code) == option
        for forged in ("no such code", *FORGED):
            assert catalogues.get("suppliers", forged) is None

    def test_an_unknown_catalogue_is_our_mistake(self, house: House):
        with pytest.raises(EngineError):
            house.ports.reads.catalogues.page("nothing", "", 0, 8)


class TestLimits:
    @pytest.mark.parametrize(
        ("condition", "least", "most"),
        [("frozen", None, Decimal(-8)), ("chilled", Decimal(-2), Decimal(4))],
    )
    def test_the_bounds_are_those_of_the_case_with_their_version_and_source(
        self, house: House, condition: str, least: Decimal | None, most: Decimal
    ):
        arguments = {"condition": Option(condition, "")}
        bounds = house.ports.reads.limits.bounds("receiving_temperature", arguments, house.now)
        assert (bounds.least, bounds.most, bounds.unit) == (least, most, "°C")
        assert bounds.version >= 1
        assert bounds.source == "план ХАССП, ККТ-1"

    def test_a_case_that_is_not_there_and_an_unknown_limit_raise(self, house: House):
        limits = house.ports.reads.limits
        with pytest.raises(EngineError):
            limits.bounds("receiving_temperature", {"condition": Option("dried", "")}, house.now)
        with pytest.raises(EngineError):
            limits.bounds("nothing", {}, house.now)


class TestFacts:
    def test_an_unknown_fact_is_our_mistake(self, house: House):
        with pytest.raises(EngineError):
            house.ports.reads.facts.ask("nothing", ())


class TestPeople:
    def test_a_chat_is_talked_in_by_its_person_with_his_roles(self, house: House):
        actor = house.actor("technologist")
        assert actor.name == "Орлова М. С."
        assert actor.roles == {"technologist"}

    def test_a_person_keeps_the_language_that_he_chose(self, house: House):
        actor = house.actor("receiver")
        assert actor.language == "ru"
        chosen = house.ports.people.set_language(actor, "en")
        assert chosen == replace(actor, language="en") == house.actor("receiver")

    def test_an_unknown_chat_is_nobodys(self, house: House):
        assert house.ports.people.actor(house.unknown) is None

    def test_a_wrong_code_binds_nobody_and_five_lock_the_chat(self, house: House):
        refusals = [
            house.ports.people.bind(house.unknown, f"WRONG{at:03}", house.now) for at in range(6)
        ]
        assert all(isinstance(one, Refusal) for one in refusals)
        assert str(refusals[5]) != str(refusals[0])
        assert house.ports.people.actor(house.unknown) is None

    def test_a_request_for_access_is_kept_once(self, house: House):
        assert house.ports.people.ask_access(house.unknown, "Крылов, фасовка", house.now) is None


class TestChats:
    def test_an_update_is_handled_once_it_is_kept(self, house: House):
        chats, number = house.ports.chats, house.chat("receiver")
        chat = chats.load(number, 77_001)
        assert not chats.handled(77_001)
        chats.keep(chat, house.now, (), 77_001)
        chats.load(number, 77_001)
        assert chats.handled(77_001)
        assert not chats.handled(77_002)

    def test_a_new_chat_has_a_token_of_its_own_and_nothing_on_it(self, house: House):
        one, other = (house.ports.chats.load(house.chat(role)) for role in ("receiver", "lab"))
        assert (one.turn, one.sessions, one.buttons) == (0, (), ())
        assert one.token
        assert one.token != other.token

    def test_what_was_kept_is_loaded_equal_the_top_session_last(self, house: House):
        chat = house.ports.chats.load(house.chat("receiver"))
        sessions = tuple(session_of(house, number) for number in (1, 2))
        kept = replace(
            chat, turn=3, screen=Screen("question"), buttons=(Button("Да", "option", "1"),),
            sessions=sessions, answered_at="10:00",
        )  # fmt: skip
        house.ports.chats.keep(kept, house.now)
        loaded = house.ports.chats.load(chat.id)
        assert replace(loaded, sessions=()) == replace(kept, sessions=())
        assert [one.id for one in loaded.sessions] == [one.id for one in sessions]
        assert loaded.sessions[0].answers == sessions[0].answers
        house.ports.chats.keep(replace(kept, sessions=sessions[::-1]), house.now)
        turned = house.ports.chats.load(chat.id).sessions
        assert [one.id for one in turned] == [sessions[1].id, sessions[0].id]

    def test_a_draft_lies_since_its_last_answer_and_no_longer_once_it_has_ended(self, house: House):
        chat = house.ports.chats.load(house.chat("receiver"))
        session, later = session_of(house), house.now + timedelta(hours=3)
        house.ports.chats.keep(replace(chat, sessions=(session,)), house.now)
        (found,) = house.ports.chats.lying(later)
        assert (found.chat, found.session, found.flow) == (chat.id, str(session.id), "raw_intake")
        assert (found.person, found.digest) == (session.actor.id, session.digest)
        house.ports.chats.keep(replace(chat, sessions=(session,)), later)
        assert house.ports.chats.lying(house.now) == (found,)
        answered = replace(session, step="tags_number")
        house.ports.chats.keep(replace(chat, sessions=(answered,)), later)
        assert house.ports.chats.lying(later - timedelta(seconds=1)) == ()
        ended = replace(answered, state=State.CANCELLED)
        house.ports.chats.keep(replace(chat, sessions=()), later, (ended,))
        assert house.ports.chats.lying(later) == ()

    def test_an_ended_session_is_live_no_more(self, house: House):
        chat = house.ports.chats.load(house.chat("receiver"))
        session = session_of(house)
        house.ports.chats.keep(replace(chat, sessions=(session,)), house.now)
        ended = replace(session, state=State.SAVED)
        house.ports.chats.keep(replace(chat, sessions=()), house.now, (ended,))
        assert house.ports.chats.load(chat.id).sessions == ()

    def test_a_prompt_is_undelivered_until_it_is_shown(self, house: House):
        chats = house.ports.chats
        chat = chats.load(house.chat("receiver"))
        chats.keep(replace(chat, turn=1), house.now)
        assert chat.id in chats.undelivered()
        assert chats.message(chat.id) is None
        chats.shown(Seen(chat.id, 1, 500))
        assert chat.id not in chats.undelivered()
        assert chats.message(chat.id) == 500

    def test_a_later_turn_on_screen_is_never_overwritten_by_an_earlier_one(self, house: House):
        chats = house.ports.chats
        chat = chats.load(house.chat("receiver"))
        chats.keep(replace(chat, turn=2), house.now)
        chats.shown(Seen(chat.id, 2, 502))
        chats.shown(Seen(chat.id, 1, 501))
        assert chats.message(chat.id) == 502

    def test_what_was_seen_on_the_screen_counts_from_loading_on_and_is_kept(self, house: House):
        chats = house.ports.chats
        number = house.chat("receiver")
        chats.keep(replace(chats.load(number), turn=2), house.now)
        with house.ports.transaction():
            chat = chats.load(number, 0, Seen(number, 2, 502))
            assert chats.message(number) == 502
            chats.keep(chat, house.now)
        assert chats.message(number) == 502
        assert number not in chats.undelivered()

    def test_what_is_on_screen_of_several_chats_is_remembered_of_each(self, house: House):
        chats, numbers = house.ports.chats, (house.chat("receiver"), house.chat("lab"))
        for number in numbers:
            chats.keep(replace(chats.load(number), turn=1), house.now)
        assert chats.shown(*(Seen(number, 1, 500 + number) for number in numbers)) == ()
        assert [chats.message(number) for number in numbers] == [500 + one for one in numbers]


class TestDeviations:
    def test_a_request_is_open_for_the_roles_that_decide(self, house: House):
        request = request_of(house)
        house.ports.deviations.request(request, house.chat("receiver"), house.now)
        standing = house.ports.deviations.get(request.id)
        assert standing is not None
        assert (standing.state, standing.flow, standing.step) == ("open", "raw_intake", "body_temp")
        assert standing.chat == house.chat("receiver")
        assert str(standing.card) == str(request.card)
        open_ones = house.ports.deviations.open(frozenset({"technologist"}))
        assert [one.id for one in open_ones] == [request.id]
        assert house.ports.deviations.open(frozenset({"lab"})) == ()

    def test_the_same_request_twice_is_one(self, house: House):
        request = request_of(house)
        for _ in range(2):
            house.ports.deviations.request(request, house.chat("receiver"), house.now)
        assert len(house.ports.deviations.open(frozenset({"technologist"}))) == 1

    def test_the_first_decision_wins(self, house: House):
        request = request_of(house)
        house.ports.deviations.request(request, house.chat("receiver"), house.now)
        first = house.ports.deviations.decide(
            Verdict(request.id, "approve", "", ""),
            house.actor("technologist"),
            "approved",
            house.now,
        )
        assert not isinstance(first, Refusal)
        assert (first.state, first.decider) == ("approved", "Орлова М. С.")
        second = house.ports.deviations.decide(
            Verdict(request.id, "reject", "Тепло", ""), house.actor("technologist", 1), "rejected",
            house.now,
        )  # fmt: skip
        assert isinstance(second, Refusal)
        standing = house.ports.deviations.get(request.id)
        assert standing is not None
        assert standing.state == "approved"
        assert house.ports.deviations.open(frozenset({"technologist"})) == ()

    @pytest.mark.parametrize("comment", ["", "  ", "не"])
    def test_a_rejection_without_a_reason_is_refused_and_can_be_done_again(
        self, house: House, comment: str
    ):
        request = request_of(house)
        house.ports.deviations.request(request, house.chat("receiver"), house.now)
        outcomes = [
            house.ports.deviations.decide(
                Verdict(request.id, "reject", said, ""),
                house.actor("technologist"),
                "rejected",
                house.now,
            )
            for said in (comment, "Тепло")
        ]
        assert outcomes[0] == Refusal("Укажите причину: от 3 до 500 знаков")
        assert not isinstance(outcomes[1], Refusal)
        assert outcomes[1].state == "rejected"

    def test_a_request_that_was_taken_back_cannot_be_decided(self, house: House):
        request = request_of(house)
        house.ports.deviations.request(request, house.chat("receiver"), house.now)
        house.ports.deviations.withdraw(request.id, "значение исправляется", house.now)
        outcome = house.ports.deviations.decide(
            Verdict(request.id, "approve", "", ""),
            house.actor("technologist"),
            "approved",
            house.now,
        )
        assert isinstance(outcome, Refusal)

    def test_taking_back_what_is_not_there_changes_nothing(self, house: House):
        house.ports.deviations.withdraw(str(HOUSE_ID), "нет такого", house.now)
        assert house.ports.deviations.get(str(HOUSE_ID)) is None
        assert house.ports.deviations.get("no id") is None


class TestOutbox:
    def test_every_holder_of_the_roles_gets_one_row_in_order_of_writing(self, house: House):
        for key in ("a", "b"):
            house.ports.outbox.notify(Notice(key, Text.of(key), ("storekeeper", "lab")))
        letters = house.ports.outbox.claim(house.now, 50)
        assert [str(one.text) for one in letters] == ["a", "a", "a", "b", "b", "b"]
        expected = {house.chat("storekeeper"), house.chat("lab"), house.chat("lab", 1)}
        assert {one.chat for one in letters} == expected

    def test_the_same_key_and_person_twice_is_one_row(self, house: House):
        for text in ("раз", "два"):
            house.ports.outbox.notify(Notice("k", Text.of(text), ("receiver",)))
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert str(letter.text) == "раз"

    def test_text_buttons_and_pictures_come_back_as_written(self, house: House):
        text = bold("<b>") + " & обычный"
        notice = Notice("k", text, ("receiver",), buttons=(("Да", "card", "1"),), pictures=("p",))
        house.ports.outbox.notify(notice)
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert (letter.kind, letter.text) == ("message", text)
        assert letter.buttons == (Button("Да", "card", "1"),)
        assert letter.pictures == ("p",)

    def test_a_notice_stays_a_message_and_names_the_language_of_who_reads_it(self, house: House):
        house.ports.people.set_language(house.actor("lab"), "en")
        left = Message("Осталось {left} кг", {"left": "81,000"}, context="a:b")
        title = Message("Открыть")
        house.ports.outbox.notify(
            Notice("k", Text.of(left), ("lab",), buttons=((title, "card", "1"),))
        )
        letters = house.ports.outbox.claim(house.now, 9)
        assert {one.chat: one.language for one in letters} == {
            house.chat("lab"): "en",
            house.chat("lab", 1): "ru",
        }
        for one in letters:
            (span,), (button,) = one.text.spans, one.buttons
            assert parts(span.text) == parts(left)
            assert parts(button.title) == parts(title)

    def test_a_claimed_row_is_due_again_after_a_minute_until_it_is_sent(self, house: House):
        house.ports.outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert house.ports.outbox.claim(house.now, 9) == ()
        (again,) = house.ports.outbox.claim(house.now + timedelta(seconds=61), 9)
        assert again.id == letter.id
        house.ports.outbox.sent(letter.id, 700, house.now)
        assert house.ports.outbox.claim(house.now + timedelta(days=1), 9) == ()

    def test_what_can_wait_is_due_when_the_quiet_hours_are_over(self, house: House):
        outbox = house.ports.outbox
        night = house.now.replace(hour=23, minute=30)
        house.to(night)
        for key, can_wait in (("can wait", True), ("taken back", True), ("cannot", False)):
            outbox.notify(Notice(key, Text.of(key), ("director",), can_wait=can_wait))
        outbox.drop("taken back")
        morning = (night + timedelta(days=1)).replace(hour=7, minute=0)
        claimed = [[str(letter.text) for letter in outbox.claim(at, 9)]
                   for at in (house.now, morning - timedelta(minutes=2), morning)]  # fmt: skip
        assert claimed == [["cannot"], ["cannot"], ["can wait", "cannot"]]

    def test_a_named_pause_is_kept_and_is_no_attempt(self, house: House):
        outbox, now = house.ports.outbox, house.now
        outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        (letter,) = outbox.claim(house.now, 9)
        outbox.failed(letter.id, "429", now, after_s=30, permanent=False)
        assert outbox.claim(now + timedelta(seconds=29), 9) == ()
        (again,) = outbox.claim(now + timedelta(seconds=31), 9)
        assert again.attempts == 0

    def test_a_failed_row_waits_longer_each_time(self, house: House):
        outbox, now = house.ports.outbox, house.now
        outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        (letter,) = outbox.claim(house.now, 9)
        for attempt, wait in enumerate((5, 15, 60, 300), start=1):
            outbox.failed(letter.id, "no network", now, after_s=None, permanent=False)
            assert outbox.claim(now + timedelta(seconds=wait - 1), 9) == ()
            now += timedelta(seconds=wait + 1)
            (again,) = outbox.claim(now, 9)
            assert again.attempts == attempt

    def test_a_row_that_is_given_up_is_tried_no_more(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        (letter,) = outbox.claim(house.now, 9)
        outbox.failed(letter.id, "blocked", house.now, after_s=None, permanent=True)
        later = outbox.claim(house.now + timedelta(days=2), 9)
        assert letter.id not in {one.id for one in later}

    def test_a_letters_button_is_its_chats_alone(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("да"), ("receiver",), buttons=(("Да", "card", "1"),)))
        (letter,) = outbox.claim(house.now, 9)
        outbox.sent(letter.id, 700, house.now)
        assert outbox.press(letter.id, letter.chat, 0) == Button("Да", "card", "1")
        assert outbox.press(letter.id, letter.chat, 1) is None
        assert outbox.press(letter.id, house.chat("lab"), 0) is None
        assert outbox.press("nothing", letter.chat, 0) is None
        for forged in ("z" * 20, "9" * 40, "²"):
            assert outbox.press(forged, letter.chat, 0) is None

    def test_a_letters_id_fits_into_callback_data(self, house: House):
        house.ports.outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert len(f"n.{letter.id}.99".encode()) <= 64
        assert "." not in letter.id

    def test_a_paper_and_a_verdict_come_back_as_written(self, house: House):
        request = request_of(house)
        house.ports.deviations.request(request, house.chat("receiver"), house.now)
        paper = Paper("p", "incoming_control", "raw_batch", "1", house.actor("receiver").id)
        verdict = Verdict(request.id, "approve", "хорошо", "Орлова М. С.")
        house.ports.outbox.paper(paper)
        house.ports.outbox.verdict(house.chat("receiver"), verdict)
        one, other = house.ports.outbox.claim(house.now, 9)
        assert (one.kind, one.paper, one.chat) == ("paper", paper, house.chat("receiver"))
        assert (other.kind, other.verdict) == ("verdict", verdict)
        assert other.chat == house.chat("receiver")

    def test_what_brings_a_form_on_may_be_claimed_before_what_others_are_told(self, house: House):
        outbox, chat = house.ports.outbox, house.chat("receiver")
        outbox.notify(Notice("k", Text.of("да"), ("storekeeper",)))
        outbox.signal(chat, "job", Signal("job", "1"), house.now)
        request = request_of(house)
        house.ports.deviations.request(request, chat, house.now)
        outbox.verdict(chat, Verdict(request.id, "approve", "", ""))
        assert [one.kind for one in outbox.claim(house.now, 1, moving=True)] == ["signal"]
        assert [one.kind for one in outbox.claim(house.now, 9, moving=True)] == ["verdict"]
        assert [one.kind for one in outbox.claim(house.now, 9)] == ["message"]

    def test_the_next_due_row_is_known(self, house: House):
        assert house.ports.outbox.next_due() is None
        house.ports.outbox.notify(Notice("k", Text.of("да"), ("receiver",)))
        due = house.ports.outbox.next_due()
        assert due is not None
        assert due <= house.now


class TestTimers:
    def test_reminders_come_at_warn_at_breach_and_at_twice_the_breach_each_once(self, house: House):
        request = request_of(house)
        start: datetime = house.now
        fired: list[int] = []
        house.ports.deviations.request(request, house.chat("receiver"), start)
        assert house.timers.next_due() == start + timedelta(minutes=15)
        for minute in range(0, 121, 5):
            count = house.timers.sweep(start + timedelta(minutes=minute))
            fired += [minute] * count
        assert fired == [15, 45, 90]
        assert house.timers.next_due() is None

    def test_a_sweep_tells_when_the_next_is_due_whether_something_fired_or_not(self, house: House):
        start, chat = house.now, house.chat("receiver")
        assert house.timers.sweep_and_look(start) == (0, None)
        house.ports.deviations.request(request_of(house), chat, start)
        house.ports.tasks.create(wanted(house, warn_s=1200, breach_s=None), start)
        told = [
            house.timers.sweep_and_look(start + timedelta(minutes=minutes))
            for minutes in (14, 15, 20, 45, 90)
        ]
        due = [start + timedelta(minutes=minutes) for minutes in (15, 20, 45, 90)]
        assert told == list(zip([0, 1, 1, 1, 1], [*due, None], strict=True))

    def test_who_is_told_grows_with_the_delay(self, house: House):
        request = request_of(house)
        start = house.now
        house.ports.deviations.request(request, house.chat("receiver"), start)
        told: list[set[int]] = []
        later = start + timedelta(days=1)
        for minutes in (15, 45, 90):
            house.timers.sweep(start + timedelta(minutes=minutes))
            letters = house.ports.outbox.claim(later, 50)
            assert all(f"Ждёт {minutes} мин" in str(one.text) for one in letters)
            for one in letters:
                house.ports.outbox.sent(one.id, 1, later)
            told.append({one.chat for one in letters})
        technologists = {house.chat("technologist"), house.chat("technologist", 1)}
        assert told[0] == technologists
        assert told[1] == technologists | {house.chat("shift_lead"), house.chat("quality_manager")}
        assert told[2] == {house.chat("director")}

    def test_a_late_sweep_makes_up_for_what_it_missed(self, house: House):
        house.ports.deviations.request(request_of(house), house.chat("receiver"), house.now)
        assert house.timers.sweep(house.now + timedelta(days=1)) == 3

    def test_nothing_reminds_of_a_request_that_waits_no_more(self, house: House):
        for number, end in enumerate(("withdraw", "decide")):
            request = request_of(house, number)
            house.ports.deviations.request(request, house.chat("receiver"), house.now)
            if end == "withdraw":
                house.ports.deviations.withdraw(request.id, "исправлено", house.now)
            else:
                verdict = Verdict(request.id, "approve", "", "")
                house.ports.deviations.decide(
                    verdict, house.actor("technologist"), "approved", house.now
                )
        house.timers.sweep(house.now + timedelta(days=1))
        assert house.ports.outbox.claim(house.now + timedelta(days=1), 50) == ()


def wanted(house: House, kind: str = "analyse_raw", record: str = "7", **more: object):
    """Return a task of the laboratory about a raw batch, with a form and two reminders."""
    asked = TaskWanted(
        kind, "raw_batch", record, "Анализ 2211/3", bold("Анализ") + " 2211/3",
        Receivers(("lab",)), "raw_batch", "raw_analysis",
        {"batch": Row("raw_batch", record, "2211/3", {"weight_received": Decimal("9.5")})},
        warn_s=600, breach_s=1200,
    )  # fmt: skip
    return replace(asked, **more)  # type: ignore[arg-type]


FORGED = (str(2**63), "9" * 40, "²", "-1", "")  # ids that no row can have


class TestTasks:
    def test_a_task_comes_back_as_it_was_wanted(self, house: House):
        asked = wanted(house, buttons=(("release", "Допустить"),), claim="start", release="stop")
        now = house.now
        task = house.ports.tasks.create(asked, now)
        assert task.wanted == asked
        assert (task.state, task.created_at, task.issue) == ("open", now, 0)
        assert house.ports.tasks.get(task.id) == task
        for forged in ("no id", *FORGED):
            assert house.ports.tasks.get(forged) is None
            assert house.ports.tasks.complete(forged, None, now) is None

    def test_a_signature_comes_back_with_it(self, house: House):
        signature = Signature(
            "raw_batch", "release", "1", "Орлова", ("technologist",), "да", ("1",)
        )
        asked = wanted(house, flow="", signature=signature)
        task = house.ports.tasks.create(asked, house.now)
        found = house.ports.tasks.get(task.id)
        assert found is not None
        assert found.wanted.signature == signature

    def test_a_record_has_one_open_task_of_a_kind(self, house: House):
        tasks = house.ports.tasks
        one, other = (tasks.create(wanted(house), house.now) for _ in range(2))
        assert one.id == other.id
        assert (one.opened, other.opened) == (True, False)
        tasks.create(wanted(house, "late_delivery"), house.now)
        assert [task.wanted.kind for task in tasks.of("raw_batch", "7")] == [
            "analyse_raw",
            "late_delivery",
        ]
        asked = [("raw_batch", "analyse_raw"), ("raw_batch", "x"), ("mix", "analyse_raw")]
        assert tasks.of_kinds(*asked) == {(*asked[0], "7"): one.id}
        assert not tasks.of_kinds(*asked[1:])
        assert not tasks.of_kinds()
        assert tasks.at("unpack_line_1") == ()  # it stands nowhere
        assert tasks.complete(one.id, house.actor("lab"), house.now)
        assert not tasks.of_kinds(asked[0])
        assert tasks.create(wanted(house), house.now).id != one.id

    def test_a_task_that_has_ended_was_had_since_its_moment(self, house: House):
        tasks, record, now = house.ports.tasks, Row("raw_batch", "7"), house.now
        task = tasks.create(wanted(house), now)
        assert tasks.complete(task.id, house.actor("lab"), now)
        moments = (None, now, now + timedelta(seconds=1))
        life, kind = task.wanted.lifecycle, task.wanted.kind
        assert [tasks.had(record, life, kind, one) for one in moments] == [True, True, False]
        assert not tasks.had(record, life, "late_delivery", None)
        assert not tasks.had(Row("raw_batch", "8"), life, kind, None)

    def test_the_first_who_takes_it_has_it_and_the_second_reads_who_and_when(self, house: House):
        tasks = house.ports.tasks
        task = tasks.create(wanted(house), house.now)
        form = str(uuid5(HOUSE_ID, "form"))
        first, second = (house.actor("lab", index) for index in (0, 1))
        claimed = tasks.claim(task.id, first, form, house.now)
        assert not isinstance(claimed, Refusal)
        assert (claimed.state, claimed.holder, claimed.session) == ("claimed", first.id, form)
        assert tasks.of_session(form) == claimed
        refused = tasks.claim(task.id, second, "", house.now)
        assert str(refused) == f"Взял(а): {first.name}, {house.now:%H:%M}"
        assert not isinstance(tasks.claim(task.id, first, form, house.now), Refusal)

    def test_another_takes_it_over_and_it_can_be_given_back(self, house: House):
        tasks = house.ports.tasks
        task = tasks.create(wanted(house), house.now)
        first, second = (house.actor("lab", index) for index in (0, 1))
        tasks.claim(task.id, first, "", house.now)
        over = tasks.take_over(task.id, second, "", house.now)
        assert not isinstance(over, Refusal)
        assert over.by == second.name
        back = tasks.release(task.id, house.now)
        assert back is not None
        assert (back.state, back.holder, back.by) == ("open", "", "")
        assert tasks.release(task.id, house.now) is None

    def test_what_ended_says_so_and_ends_once(self, house: House):
        tasks = house.ports.tasks
        lab = house.actor("lab")
        done = tasks.create(wanted(house), house.now)
        gone = tasks.create(wanted(house, record="8"), house.now)
        assert tasks.complete(done.id, lab, house.now)
        assert tasks.cancel(gone.id, "рецептура изменена", house.now)
        assert tasks.complete(done.id, lab, house.now) is None
        assert tasks.cancel(done.id, "поздно", house.now) is None
        said = [str(tasks.claim(one.id, lab, "", house.now)) for one in (done, gone)]
        assert said == [
            f"Уже сделано: {lab.name}, {house.now:%H:%M}",
            "Задача снята: рецептура изменена",
        ]

    def test_why_a_task_is_off_is_read_in_any_language(self, house: House):
        tasks = house.ports.tasks
        why = Message("рецептура изменена", context="lifecycle/mix:reissue")
        gone = tasks.create(wanted(house), house.now)
        assert tasks.cancel(gone.id, why, house.now)
        said = tasks.claim(gone.id, house.actor("lab"), "", house.now)
        assert isinstance(said, Refusal)
        kept = said.values["why"]
        assert isinstance(kept, Message)
        assert (kept, kept.context) == (why, why.context)

    def test_a_person_sees_his_tasks_the_overdue_first_then_the_oldest(self, house: House):
        tasks, now = house.ports.tasks, house.now
        for number, minutes in enumerate((1, 30, 5)):
            asked = wanted(house, record=str(number), breach_s=1200, warn_s=600)
            tasks.create(asked, now - timedelta(minutes=minutes))
        older = tasks.create(wanted(house, record="9", warn_s=None, breach_s=None),
                             now - timedelta(hours=2))  # fmt: skip
        mine = tasks.open_for(house.actor("lab"), now)
        assert [task.wanted.record_id for task in mine] == ["1", older.wanted.record_id, "2", "0"]
        assert tasks.open_for(house.actor("receiver"), now) == ()

    def test_a_menu_counts_what_a_person_may_do_and_decide_by_its_kinds(self, house: House):
        tasks, now = house.ports.tasks, house.now
        first, second = (house.actor("lab", index) for index in (0, 1))
        ended, mine, held = (tasks.create(wanted(house, record=str(at)), now) for at in range(3))
        tasks.complete(ended.id, first, now)
        tasks.claim(held.id, second, "", now)
        tasks.create(wanted(house, "unpack_mix", to=Receivers((), (second.id,))), now)
        signature = Signature("raw_batch", "release", first.id, first.name, (), "", (first.id,))
        tasks.create(wanted(house, "countersign", flow="", signature=signature), now)
        asked = request_of(house)
        house.ports.deviations.request(asked, house.chat("receiver"), now)
        shown = {one.id: sorted(tasks.kinds_for(one)) for one in (first, second)}
        both = [mine.wanted.kind, held.wanted.kind]
        assert shown == {first.id: both, second.id: [*both, "countersign", "unpack_mix"]}
        assert tasks.kinds_for(house.actor("technologist")) == (DECISION,)
        house.ports.deviations.withdraw(asked.id, "уехал", now)
        assert tasks.kinds_for(house.actor("technologist")) == ()

    def test_a_task_of_a_person_is_his_alone_and_no_excluded_one_confirms(self, house: House):
        tasks = house.ports.tasks
        first, second = (house.actor("lab", index) for index in (0, 1))
        tasks.create(wanted(house, to=Receivers((), (second.id,))), house.now)
        signature = Signature("raw_batch", "release", first.id, first.name, (), "", (first.id,))
        tasks.create(wanted(house, "countersign", flow="", signature=signature), house.now)
        kinds = [[task.wanted.kind for task in tasks.open_for(one, house.now)]
                 for one in (first, second)]  # fmt: skip
        assert kinds == [[], ["analyse_raw", "countersign"]]

    def test_messages_made_again_are_counted(self, house: House):
        tasks = house.ports.tasks
        task = tasks.create(wanted(house), house.now)
        again = tasks.reissue(task.id, house.now)
        assert again is not None
        assert again.issue == 1

    def test_a_task_left_lying_is_found_and_one_whose_form_is_answered_is_not(self, house: House):
        tasks, now = house.ports.tasks, house.now
        for number in (0, 1):
            session = session_of(house, number)
            chat = house.ports.chats.load(house.chat("lab", number))
            task = tasks.create(wanted(house, record=str(number)), now)
            tasks.claim(task.id, house.actor("lab", number), str(session.id), now)
            answered = now + timedelta(minutes=10 * number)
            house.ports.chats.keep(replace(chat, sessions=(session,)), answered)
        assert tasks.idle(now - timedelta(minutes=1)) == ()
        idle = tasks.idle(now + timedelta(minutes=5))
        assert [one.wanted.record_id for one in idle] == ["0"]

    def test_a_late_task_is_raised_a_level_at_a_time_each_once(self, house: House):
        tasks, now = house.ports.tasks, house.now
        tasks.create(wanted(house), now)
        assert tasks.next_late() == now + timedelta(minutes=10)
        levels = [[level for _, level in tasks.late(now + timedelta(minutes=minutes))]
                  for minutes in (9, 10, 10, 45, 90)]  # fmt: skip
        assert levels == [[], [1], [], [2, 3], []]
        assert tasks.next_late() is None

    def test_a_task_that_begins_at_a_level_is_as_late_as_one_that_waited_until_then(
        self, house: House
    ):
        tasks, now = house.ports.tasks, house.now
        task = tasks.create(wanted(house, level=2), now)
        assert (task.level, task.wanted.level) == (2, 2)
        assert tasks.open_for(house.actor("lab"), now)[0].overdue(now)
        assert tasks.next_late() == now + timedelta(minutes=20)
        levels = [[level for _, level in tasks.late(now + timedelta(minutes=minutes))]
                  for minutes in (19, 20, 90)]  # fmt: skip
        assert levels == [[], [3], []]

    def test_the_next_late_task_is_the_first_of_all_levels(self, house: House):
        tasks, now = house.ports.tasks, house.now
        tasks.create(wanted(house, record="1", warn_s=None, breach_s=None), now)
        assert tasks.next_late() is None
        for record, level, warn_s, breach_s in (
            ("2", 0, 900, 2400), ("3", 0, 600, 2400), ("4", 1, 60, 1800), ("5", 2, 120, 240),
        ):  # fmt: skip
            asked = wanted(house, record=record, level=level, warn_s=warn_s, breach_s=breach_s)
            tasks.create(asked, now)
        found = []
        while (moment := tasks.next_late()) is not None:
            raised = [(task.wanted.record_id, level) for task, level in tasks.late(moment)]
            found.append(((moment - now) // timedelta(minutes=1), *sorted(raised)))
        assert found == [
            (4, ("5", 3)), (10, ("3", 1)), (15, ("2", 1)), (29, ("4", 2)), (40, ("2", 2), ("3", 2)),
            (59, ("4", 3)), (80, ("2", 3), ("3", 3)),
        ]  # fmt: skip

    def test_reminders_of_a_task_go_up_with_the_delay(self, house: House):
        start = house.now
        house.ports.tasks.create(wanted(house), start)
        told = []
        for minutes in (10, 20, 40):
            house.timers.sweep(start + timedelta(minutes=minutes))
            letters = house.ports.outbox.claim(start + timedelta(days=1), 50)
            for one in letters:
                house.ports.outbox.sent(one.id, 1, start)
            told.append({(one.chat, bool(one.buttons)) for one in letters})
        lab = {(house.chat("lab", index), True) for index in (0, 1)}
        leads = {house.chat(role) for role in ("technologist", "shift_lead")}  # of 4.5 one more
        assert told[0] == lab
        assert told[1] == {(chat, False) for chat in (*leads, house.chat("technologist", 1))}
        assert told[2] == {(house.chat("director"), False)}

    @pytest.mark.parametrize("state", ["waits", "ended", "critical"])
    def test_at_night_the_director_is_told_of_what_is_critical_of_the_rest_in_the_morning(
        self, house: House, state: str
    ):
        tasks, outbox = house.ports.tasks, house.ports.outbox
        house.to(house.now.replace(hour=22, minute=0))
        asked = wanted(house)
        if state == "critical":
            asked = replace(asked, kind="mix_decision", lifecycle="mix")
        task = tasks.create(asked, house.now)
        house.to(house.now + timedelta(minutes=40))
        house.timers.sweep(house.now)
        if state == "ended":
            close_card(outbox, tasks.of(task.wanted.record, task.wanted.record_id)[0])
        morning = (house.now + timedelta(days=1)).replace(hour=7, minute=0)
        told = [house.chat("director") in {one.chat for one in outbox.claim(at, 50)}
                for at in (house.now, morning)]  # fmt: skip
        assert (
            told
            == {"waits": [False, True], "ended": [False, False], "critical": [True, True]}[state]
        )


class TestEdits:
    def test_the_messages_of_a_notice_are_changed_after_they_were_delivered(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("Анализ"), ("lab",), buttons=(("Взять", "task", "1"),)))
        sent = outbox.claim(house.now, 9)
        for number, letter in enumerate(sent):
            outbox.sent(letter.id, 700 + number, house.now)
        outbox.change("k", Text.of("Взял(а): Лапина"), live=False, but=house.actor("lab").id)
        (edit,) = outbox.claim(house.now, 9)
        (other,) = [one for one in sent if one.chat == house.chat("lab", 1)]
        assert (edit.kind, edit.chat, edit.about) == ("edit", other.chat, other.id)
        assert (edit.message, edit.buttons) == (700 + sent.index(other), ())
        assert str(edit.text) == "Анализ\nВзял(а): Лапина"

    def test_each_change_is_of_what_was_written_and_may_bring_the_buttons_back(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("А"), ("receiver",), buttons=(("Взять", "task", "1"),)))
        outbox.change("k", Text.of("занято"), live=False)
        outbox.change("k", Text(), live=True)
        texts = [str(one.text) for one in outbox.claim(house.now, 9)]
        assert texts == ["А", "А\nзанято", "А"]

    def test_what_is_over_before_anybody_began_to_send_it_is_not_sent(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("А"), ("lab",), buttons=(("Взять", "task", "1"),)))
        (begun,) = outbox.claim(house.now, 1)
        outbox.change("k", Text.of("сделано"), live=False, over=True)
        edits = outbox.claim(house.now, 9)
        assert [(one.kind, one.about) for one in edits] == [("edit", begun.id)]
        outbox.sent(begun.id, 7, house.now)
        later = house.now + timedelta(days=1)
        assert [one.about for one in outbox.claim(later, 9)] == [begun.id]

    def test_what_was_changed_before_it_is_over_is_still_sent(self, house: House):
        outbox = house.ports.outbox
        outbox.notify(Notice("k", Text.of("А"), ("receiver",), buttons=(("Взять", "task", "1"),)))
        outbox.change("k", Text.of("занято"), live=False)
        outbox.change("k", Text.of("сделано"), live=False, over=True)
        texts = [str(one.text) for one in outbox.claim(house.now, 9)]
        assert texts == ["А", "А\nзанято", "А\nсделано"]

    def test_a_change_of_nothing_writes_nothing(self, house: House):
        house.ports.outbox.change("nothing", Text.of("x"), live=False)
        assert house.ports.outbox.claim(house.now, 9) == ()


class Deliveries:
    """Deliveries of the samples' company."""

    def parameters(self, house: House) -> dict[str, object]:
        """Return what the intake gives `take_delivery`, with rows of this house's catalogues."""
        catalogues = house.ports.reads.catalogues
        found = {
            name: catalogues.exact(catalogue, title)
            for name, catalogue, title in (
                ("company", "companies", "ООО «Учебная компания 1»"),
                ("material", "raw_materials", "Каркас"),
                ("nomenclature", "nomenclature", "Каркас ЦБ"),
                ("supplier", "suppliers", "Фабрика «Пробная»"),
            )
        }
        return {
            **found, "condition": Option("frozen", "Замороженное"), "weight": Decimal("18250.5"),
            "accounting_type": Option("keel", "Киль"), "tags_number": Decimal(12),
            "measurements": (),
        }  # fmt: skip

    def context(self, house: House, number: int = 0) -> Context:
        return Context(house.actor("receiver"), str(uuid5(HOUSE_ID, str(number))), house.now)

    def accepted(self, house: House, number: int = 0):
        context = self.context(house, number)
        row = house.ports.operations.run("take_delivery", self.parameters(house), context)
        assert row is not None
        return house.ports.operations.fire(row, "accept", context)


class TestOperations(Deliveries):
    def test_a_delivery_becomes_a_batch_with_a_number_of_its_day(self, house: House):
        row = self.accepted(house)
        assert row.kind == "raw_batch"
        assert row.fields["state"] == "received"
        assert row.fields["number"] == f"{house.now:%d%m}/3"
        assert row.fields["weight_received"] == Decimal("18250.5")
        material = row.fields["raw_material"]
        assert getattr(material, "fields", {}).get("name") == "Каркас"

    def test_numbers_go_on_within_a_day(self, house: House):
        numbers = [self.accepted(house, number).fields["number"] for number in range(3)]
        assert numbers == [f"{house.now:%d%m}/{n}" for n in (3, 4, 5)]

    def test_one_session_runs_an_operation_once(self, house: House):
        context, parameters = self.context(house), self.parameters(house)
        rows = [house.ports.operations.run("take_delivery", parameters, context) for _ in range(2)]
        assert rows[0] is not None
        assert rows[1] is not None
        assert rows[0].id == rows[1].id

    def test_a_transition_that_is_not_permitted_is_refused_and_changes_nothing(self, house: House):
        context = self.context(house)
        row = house.ports.operations.run("take_delivery", self.parameters(house), context)
        assert row is not None
        lab = replace(context, actor=house.actor("lab"))
        with pytest.raises(Refused, match="другая роль"), house.ports.transaction():
            house.ports.operations.fire(row, "accept", lab)
        fired = house.ports.operations.fire(row, "accept", context)
        with pytest.raises(Refused, match="сейчас невозможно"), house.ports.transaction():
            house.ports.operations.fire(fired, "accept", context)

    def test_a_refused_delivery_is_kept_without_a_number(self, house: House):
        answers = dict(at_review(plant()).session.answers)
        catalogues = house.ports.reads.catalogues
        for name, catalogue in (
            ("company", "companies"), ("material", "raw_materials"),
            ("nomenclature", "nomenclature"), ("supplier", "suppliers"),
        ):  # fmt: skip
            title = answers[name].value
            assert isinstance(title, Option)
            answers[name] = Answer(catalogues.exact(catalogue, title.title), approved=True)
        row = house.ports.operations.run(
            "refuse_delivery", {"answers": answers}, self.context(house)
        )
        assert row is not None
        assert row.fields.get("number") in (None, "")

    def test_an_unknown_operation_is_our_mistake(self, house: House):
        with pytest.raises(EngineError):
            house.ports.operations.run("nothing", {}, self.context(house))


class TestSystem(Deliveries):
    """What the system does by itself: a batch goes on the only scales when they are free, one that
    is too heavy is refused at once."""

    def waits_for(self, house: House, on: Program, row: Row, screen: str = "question"):
        """Let the receiver's form stand at a wait until a batch is released."""
        actor, reads = house.actor("receiver"), house.ports.reads
        turn = start(on, "wait_batch", actor, uuid5(HOUSE_ID, "waits"), reads, {"batch": row})
        assert turn.session.step == "ready"
        chat = house.ports.chats.load(house.chat("receiver"))
        kept = replace(chat, turn=1, screen=Screen(screen), sessions=(turn.session,))
        house.ports.chats.keep(kept, house.now)
        return turn.session

    def signals(self, house: House) -> list[Signal]:
        letters = house.ports.outbox.claim(house.now, 100)
        return [one.signal for one in letters if one.signal is not None]

    def standing(self, house: House, row: Row) -> str:
        found = house.ports.reads.records.get(row.kind, row.id)
        assert found is not None
        return str(getattr(found.fields["state"], "code", found.fields["state"]))

    def boss(self, house: House) -> Context:
        return Context(house.actor("technologist"), "", house.now)

    def test_a_form_that_waits_for_a_freed_place_is_told_at_once(self, house: House):
        on = scales()
        house = house.under(on)
        first, second = self.accepted(house, 1), self.accepted(house, 2)
        assert (first.fields["state"], second.fields["state"]) == ("released", "received")
        session = self.waits_for(house, on, second)
        house.ports.operations.fire(self.accepted(house, 3), "look", self.boss(house))
        assert self.signals(house) == []
        house.ports.operations.fire(first, "hold", self.boss(house))
        assert self.standing(house, second) == "released"
        assert self.signals(house) == [Signal(Kind.FREE, str(session.id))]

    def test_a_form_that_is_not_in_sight_is_not_told(self, house: House):
        on = scales()
        house = house.under(on)
        first, second = self.accepted(house, 1), self.accepted(house, 2)
        self.waits_for(house, on, second, "menu")
        house.ports.operations.fire(first, "hold", self.boss(house))
        assert self.signals(house) == []

    def test_a_form_whose_news_got_lost_is_told_by_the_sweep(self, house: House):
        on = scales()
        house = house.under(on)
        first, second = self.accepted(house, 1), self.accepted(house, 2)
        session = self.waits_for(house, on, second, "menu")
        house.ports.operations.fire(first, "hold", self.boss(house))
        chat = house.ports.chats.load(house.chat("receiver"))
        house.ports.chats.keep(replace(chat, screen=Screen("question")), house.now)
        house.timers.sweep(house.now)
        assert self.signals(house) == [Signal(Kind.FREE, str(session.id))]

    def test_what_an_operation_made_possible_is_done_after_it(self, house: House):
        house = house.under(scales())
        heavy = {**self.parameters(house), "weight": Decimal(39000)}
        context = self.context(house)
        row = house.ports.operations.run("take_delivery", heavy, context)
        assert row is not None
        assert self.standing(house, row) == "new"
        house.ports.operations.settle([row], context)
        assert self.standing(house, row) == "refused"

    def test_a_system_transition_that_breaks_is_parked_after_three_times(
        self, house: House, caplog: pytest.LogCaptureFixture
    ):
        house = house.under(scales(broken=True))
        row = self.accepted(house)
        for _ in range(4):
            house.timers.sweep(house.now)
        left = [one for one in caplog.records if "is left behind" in one.getMessage()]
        assert len(left) == 3
        assert self.standing(house, row) == "received"
        (task,) = (
            one for one in house.ports.tasks.of(row.kind, row.id) if one.wanted.kind == RETRY
        )
        assert task.wanted.to.roles == ("technologist",)
        assert "остановлено после 3 ошибок" in str(task.wanted.text)
        letters = house.ports.outbox.claim(house.now, 100)
        cards = [one for one in letters if "не получается" in str(one.text)]
        assert {tuple(button.act for button in card.buttons) for card in cards} == {("retry",)}

    def test_one_that_breaks_holds_up_nobody(self, house: House):
        broken = house.under(scales(broken=True))
        first = self.accepted(broken, 1)
        second = self.accepted(house.under(scales()), 2)
        assert (self.standing(house, first), self.standing(house, second)) != (
            "received", "received",
        )  # fmt: skip

    def test_what_was_parked_is_tried_again_when_a_person_says_so(self, house: House):
        broken = house.under(scales(broken=True))
        row = self.accepted(broken)
        for _ in range(2):
            broken.timers.sweep(house.now)
        (task,) = (one for one in house.ports.tasks.of(row.kind, row.id))
        boss = self.boss(house)
        assert not broken.ports.operations.retry(task.id, boss)
        with pytest.raises(Refused, match="Уже сделано"), broken.ports.transaction():
            broken.ports.operations.retry(task.id, boss)
        for _ in range(2):
            broken.timers.sweep(house.now)
        (again,) = (one for one in house.ports.tasks.of(row.kind, row.id))
        mended = house.under(scales())
        assert mended.ports.operations.retry(again.id, boss)
        assert self.standing(house, row) == "released"
        assert house.ports.tasks.of(row.kind, row.id) == ()


class TestJobs:
    def started(self, house: House, number: str = "4471") -> str:
        job = str(uuid5(HOUSE_ID, f"job {number}"))
        house.ports.jobs.start(
            "find_documents", job, {"number": number}, str(HOUSE_ID), house.chat("receiver")
        )
        return job

    def test_a_job_that_was_never_started_is_unknown(self, house: House):
        assert house.ports.reads.jobs.state(str(HOUSE_ID)) is None

    def test_a_job_comes_to_its_result_and_its_chat_is_told_once(self, house: House):
        job = self.started(house)
        house.timers.sweep(house.now)
        state = house.ports.reads.jobs.state(job)
        assert state is not None
        assert state.status == "done"
        assert state.result is not None
        assert state.result.fields["number"] == "4471"
        assert timedelta() <= house.now - state.started_at < timedelta(minutes=1)
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert (letter.kind, letter.chat) == ("signal", house.chat("receiver"))
        assert letter.signal == Signal("job", job)
        house.timers.sweep(house.now)
        assert house.ports.outbox.claim(house.now, 9) == ()

    def test_the_same_id_starts_a_job_once(self, house: House):
        for _ in range(2):
            self.started(house)
        assert house.timers.sweep(house.now) == 1

    def test_a_job_that_fails_is_failed_and_told(self, house: House):
        job = self.started(house, "wrong")
        house.timers.sweep(house.now)
        state = house.ports.reads.jobs.state(job)
        assert state is not None
        assert (state.status, state.result) == ("failed", None)
        (letter,) = house.ports.outbox.claim(house.now, 9)
        assert letter.signal == Signal("job", job)

    def test_a_cancelled_job_tells_nobody(self, house: House):
        house.ports.jobs.cancel(self.started(house))
        house.timers.sweep(house.now)
        assert house.ports.outbox.claim(house.now, 9) == ()

    def test_an_unknown_job_is_our_mistake(self, house: House):
        with pytest.raises(EngineError):
            house.ports.jobs.start("nothing", str(HOUSE_ID), {}, str(HOUSE_ID), 1)

    def test_a_signal_comes_at_its_moment_and_once_a_key(self, house: House):
        chat, later = house.chat("lab"), house.now + timedelta(minutes=5)
        for _ in range(2):
            house.ports.outbox.signal(chat, "k", Signal("clock", str(HOUSE_ID)), later)
        assert house.ports.outbox.claim(house.now, 9) == ()
        assert house.ports.outbox.next_due() == later
        (letter,) = house.ports.outbox.claim(later, 9)
        assert letter.signal == Signal("clock", str(HOUSE_ID))


class TestSuggestions:
    def test_the_last_different_values_of_a_person_come_newest_first(self, house: House):
        chat = house.ports.chats.load(house.chat("receiver"))
        for number, weight in enumerate(("5", "7", "5", "9")):
            saved = replace(
                session_of(house, number, State.SAVED),
                answers={"items.1.kg": Answer(Decimal(weight), approved=True)},
            )
            at = house.now + timedelta(minutes=number)
            house.ports.chats.keep(chat, at, (saved,))
        actor, last = house.actor("receiver"), house.ports.reads.suggestions.last
        found = last(actor.id, "raw_intake", "items.kg", 2)
        assert found == (Decimal(9), Decimal(5))
        assert last(actor.id, "raw_intake", "items.kg", 9) == (Decimal(9), Decimal(5), Decimal(7))
        assert last(house.actor("lab").id, "raw_intake", "items.kg", 9) == ()
        assert last(actor.id, "another", "items.kg", 9) == ()

    def test_a_form_that_was_not_saved_suggests_nothing(self, house: House):
        chat = house.ports.chats.load(house.chat("receiver"))
        cancelled = session_of(house, 1, State.CANCELLED)
        house.ports.chats.keep(chat, house.now, (cancelled,))
        last = house.ports.reads.suggestions.last
        assert last(house.actor("receiver").id, "raw_intake", "weight", 9) == ()


class TestRecords:
    def test_a_record_that_is_not_there_is_nothing(self, house: House):
        assert house.ports.reads.records.get("raw_batch", "987654") is None
        assert house.ports.reads.records.get("nothing", "1") is None
        for forged in FORGED:
            assert house.ports.reads.records.get("raw_batch", forged) is None
