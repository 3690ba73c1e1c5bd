"""YAML written by people in a hurry: hypothesis strategies of texts that are valid and untidy."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["flow", "title", "roles", "number", "prompt", "a", "b_2", '"07:00"', "кг"])
PLAIN = st.sampled_from(
    [
        "weight > 0",
        "Масса",
        "12",
        "yes",
        "~",
        "-8.0",
        "a#b",
        "Дело: нет"[:4],
        "15m",
        "x - y",
        "да нет",
    ]
)
QUOTED = st.sampled_from(['"Масса: {weight} кг"', "'a # b'", '""', "'это ''то'''", '"\\"x\\" \\n"'])
SPACE = st.sampled_from(["", " ", "  ", "    "])
COMMENT = st.sampled_from(["# примечание", "#коротко", "# a: b", "# - x", "# 'кавычка"])


@st.composite
def flows(draw: st.DrawFn, deep: int = 0) -> str:
    """Something in brackets on one line, with spaces anywhere."""
    a, b = draw(SPACE), draw(SPACE)
    items = draw(st.lists(_flat(deep + 1), max_size=3))
    if draw(st.booleans()):
        return f"[{a}{f'{b},{a} '.join(items)}{b}]"
    names = draw(st.lists(NAMES, min_size=len(items), max_size=len(items), unique=True))
    pairs = [f"{name}: {a}{item}" for name, item in zip(names, items, strict=True)]
    return f"{{{a}{f'{b},{a} '.join(pairs)}{b}}}"


def _flat(deep: int) -> st.SearchStrategy[str]:
    safe = st.sampled_from(["one", "2", "Масса", '"a, b"', "'c: d'", "true", "x_1"])
    return safe if deep > 2 else st.one_of(safe, safe, flows(deep=deep))


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0, deep: int = 0) -> str:
    """A mapping or a list over several lines, with comments and empty lines between them."""
    listed = draw(st.booleans()) if deep else False
    count = draw(st.integers(1, 4))
    names = draw(st.lists(NAMES, min_size=count, max_size=count, unique=True))
    lines = []
    for name in names:
        lines += draw(
            st.lists(st.sampled_from(["", " " * indent + draw(COMMENT), "   "]), max_size=2)
        )
        lead = " " * indent + ("-" if listed else f"{name}:")
        lines.append(draw(_value(lead, indent, deep)))
    return "\n".join(lines)


@st.composite
def _value(draw: st.DrawFn, lead: str, indent: int, deep: int) -> str:
    kind = draw(st.sampled_from(["plain", "quoted", "flow", "text", "folded", "spread", "block"]))
    gap, behind = " " + draw(SPACE), draw(st.sampled_from(["", "  "]))
    comment = f"  {behind}{draw(COMMENT)}" if draw(st.booleans()) else ""
    inner = indent + draw(st.integers(1, 4))
    if kind == "block" and deep < 3:
        head = comment if comment and not lead.strip().startswith("-") else ""
        return f"{lead}{head}\n{draw(blocks(inner, deep + 1))}"
    if kind == "text":
        pad = " " * inner
        mark = draw(st.sampled_from(["|", ">", "|-", ">-"]))
        return f"{lead}{gap}{mark}{comment}\n{pad}строка # не примечание\n\n{pad}  вторая: строка"
    if kind == "folded":
        return f'{lead}{gap}"одна\n{" " * inner}  две # три\n\n{" " * inner}четыре"{comment}'
    if kind == "spread":
        pad = " " * (inner + 1)
        return f"{lead}{gap}[один,{comment}\n{pad}два,\n{pad}  {{a: 1,   b: 2}}]"
    value = {"quoted": QUOTED, "flow": flows()}.get(kind, PLAIN)
    return f"{lead}{gap}{draw(value)}{comment}"


TEXTS = blocks().map(lambda text: text + "\n")
