"""Lines of a Mermaid flowchart: nodes, edges and blocks, with every text made harmless."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST = 60  # characters of a label; the rest is cut with «…»
SHAPES = {
    "step": ('["', '"]'),
    "end": ('(["', '"])'),
    "choice": ('{"', '"}'),
    "flow": ('[["', '"]]'),
    "who": ('(["', '"])'),
    "life": ('{{"', '"}}'),
    "birth": ('(("', '"))'),
}
_READ = '#"<>{}[]()|`*_~&;\\'  # what means something to Mermaid, Markdown or HTML
_UNSAFE = re.compile(r"[^a-zA-Z0-9_]")


@dataclass
class Chart:
    """A flowchart that is being written. `direction` is TD or LR."""

    direction: str = "TD"
    lines: list[str] = field(default_factory=list)
    _depth: int = 1

    def node(self, name: str, text: str, shape: str = "step", kind: str = "") -> str:
        """Write a node and return its safe name."""
        safe = identifier(name)
        before, after = SHAPES[shape]
        self._write(f"{safe}{before}{label(text)}{after}" + (f":::{kind}" if kind else ""))
        return safe

    def edge(self, one: str, other: str, text: str = "", *, dotted: bool = False) -> None:
        """Write an edge; nodes are named as they were given to `node`."""
        arrow = "-.->" if dotted else "-->"
        said = f'|"{label(text)}"|' if text else ""
        self._write(f"{identifier(one)} {arrow}{said} {identifier(other)}")

    def begin(self, name: str, text: str) -> None:
        """Begin a block of nodes."""
        self._write(f'subgraph {identifier(name)}["{label(text)}"]')
        self._depth += 1

    def end(self) -> None:
        """End a block."""
        self._depth -= 1
        self._write("end")

    def _write(self, line: str) -> None:
        self.lines.append("  " * self._depth + line)

    def __str__(self) -> str:
        kinds = (
            "classDef system fill:#f8fafc,stroke-dasharray:4 3",
            "classDef refused fill:#fef2f2,stroke:#b91c1c",
            "classDef done fill:#f0fdf4,stroke:#15803d",
            "classDef who fill:#fffbeb,stroke:#b45309",
            "classDef life fill:#eff6ff,stroke:#1d4ed8",
        )
        head, styles = f"flowchart {self.direction}", [f"  {kind}" for kind in kinds]
        return "\n".join([head, *self.lines, *styles, ""])


def identifier(name: str) -> str:
    """Return a name as Mermaid takes it; `end` and the like are words of its own.

    >>> identifier("end"), identifier("items.1.kg")
    ('n_end', 'n_items_1_kg')
    """
    return "n_" + _UNSAFE.sub("_", name)


def label(text: str) -> str:
    """Return a text as a label: its lines cut, nothing in them that Mermaid or HTML would read.

    >>> label('«{weight}»\\n> "5"')
    '«#123;weight#125;»<br/>#62; #34;5#34;'
    """
    lines = (" ".join(line.split()) for line in text.split("\n"))
    cut = (one if len(one) <= LONGEST else one[: LONGEST - 1].rstrip() + "…" for one in lines)
    return "<br/>".join("".join(map(_harmless, one)) for one in cut) or " "


def _harmless(char: str) -> str:
    """Return a character, by its number where Mermaid or Markdown would read it."""
    return f"#{ord(char)};" if char in _READ else char
