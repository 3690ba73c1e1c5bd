"""HTML of the Bot API: what becomes text and entities, and what Telegram refuses."""

from __future__ import annotations

import pytest

from engine.simulator.api_error import ApiError
from engine.simulator.formatting import read_text, typed


def marks(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    found = read_text(source, "HTML", "")
    return found.text, [(one["type"], one["offset"], one["length"]) for one in found.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>да</b> нет", "да нет", [("bold", 0, 2)]),
        ("<strong>а</strong><em>б</em><ins>в</ins><del>г</del>", "абвг", [
            ("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1),
        ]),
        ("<b>а<i>б</i></b>", "аб", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<code>1</code><pre>2</pre>", "12", [("code", 0, 1), ("pre", 1, 1)]),
        ("<tg-spoiler>а</tg-spoiler>", "а", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">а</span>', "а", [("spoiler", 0, 1)]),
        ("<blockquote>а</blockquote>", "а", [("blockquote", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;&#65;&#x41;&nbsp;", '<b> &amp; "AA&nbsp;', []),
        ("👍<b>да</b>", "👍да", [("bold", 2, 2)]),
        ("  <b> да </b>  ", "да", [("bold", 0, 2)]),
        ("<b></b>да", "да", []),
        ("<B>да</B>", "да", [("bold", 0, 2)]),
    ],
)  # fmt: skip
def test_markup_becomes_entities_counted_in_utf16_units(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    assert marks(source) == (text, entities)


def test_a_link_keeps_its_address_and_an_empty_one_is_plain_text() -> None:
    linked = read_text('<a href="https://example.org/?a=1&amp;b=2">тут</a>', "HTML", "").entities
    assert linked[0]["url"] == "https://example.org/?a=1&b=2"
    assert marks('<a href="">тут</a>') == ("тут", [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("да <br> нет", 'Unsupported start tag "br" at byte offset 5'),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>да", 'Can\'t find end tag corresponding to start tag "b"'),
        ("да</b>", "Unexpected end tag at byte offset 4"),
        ("<b>да</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("<b>да</b", "Unclosed end tag at byte offset 7"),
        ("<span>да</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
def test_markup_that_telegram_refuses_is_refused_with_its_place(source: str, words: str) -> None:
    if source == "5 < 6":
        source = "5 < 6>"
    with pytest.raises(ApiError) as error:
        read_text(source, "HTML", "")
    assert error.value.description.startswith(f"Bad Request: can't parse entities: {words}")


def test_a_lone_bracket_is_an_unclosed_tag() -> None:
    with pytest.raises(ApiError, match="can't parse entities: Unclosed start tag at byte offset 2"):
        read_text("5 < 6", "HTML", "")


def test_plain_text_is_taken_as_it_is_and_other_modes_are_not_served() -> None:
    assert read_text("<b>да</b>", "", "").text == "<b>да</b>"
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        read_text("да", "LaTeX", "")


def test_a_typed_command_is_marked() -> None:
    assert typed("/start 1").entities == ({"type": "bot_command", "offset": 0, "length": 6},)
    assert typed("12,5").entities == ()
