"""How lines of a `.talk` file are read."""

import pytest

from engine.talk.parse import Happens, Holds, Says, Sees, TalkError, read_talk


def test_every_kind_of_line_is_read_with_its_number():
    talk = read_talk(
        "flows/receiving/raw_intake.talk",
        "# The straight way.\n"
        "\n"
        "receiver> /start\n"
        "receiver> [Новая партия]\n"
        "receiver> [[Сохранить]]\n"
        "receiver> {photo 3}\n"
        "receiver> -18,5\n"
        "lab2< …масса…\n"
        "receiver<! [Пропустить]\n"
        "receiver<< Уже сохранено…\n"
        "= session saved\n"
        "* after 16m\n",
    )
    assert talk.about == "The straight way."
    assert talk.name == "receiving/raw_intake"
    assert talk.lines == (
        Says(3, "receiver", "command", "start"),
        Says(4, "receiver", "button", "Новая партия"),
        Says(5, "receiver", "old_button", "Сохранить"),
        Says(6, "receiver", "thing", "photo 3"),
        Says(7, "receiver", "text", "-18,5"),
        Sees(8, "lab2", "<", "…масса…"),
        Sees(9, "receiver", "<!", "[Пропустить]"),
        Sees(10, "receiver", "<<", "Уже сохранено…"),
        Holds(11, ("session", "saved")),
        Happens(12, ("after", "16m")),
    )


def test_a_broken_line_is_an_error_with_its_place():
    with pytest.raises(TalkError, match=r"a\.talk:2: не понял строку «receiver: да»"):
        read_talk("a.talk", "# x\nreceiver: да\n")


@pytest.mark.parametrize("line", ["=", "*"])
def test_a_sign_alone_is_an_error(line: str):
    with pytest.raises(TalkError, match="ничего нет"):
        read_talk("a.talk", line)


def test_escapes_write_what_a_line_cannot_hold():
    talk = read_talk("a.talk", r"receiver> \u00a01\n2\\3")
    assert talk.lines == (Says(1, "receiver", "text", "\u00a01\n2\\3"),)
