"""The only door to `merman`: Mermaid text → SVG, without a browser, a network or Graphviz."""

from __future__ import annotations

import json
import re
from html import escape

from merman import Merman, ResourceOptionsBuilder, ResourceProfile

# What the library's plain theme lacks: labels on white, letters of the system.
_CONFIG = {
    "site_config": {
        "themeVariables": {
            "edgeLabelBackground": "#ffffff",
            "primaryColor": "#f1f5f9",
            "primaryBorderColor": "#64748b",
            "lineColor": "#64748b",
        },
        "htmlLabels": False,  # real text: pictures are looked at outside of browsers too
        "flowchart": {"htmlLabels": False, "wrappingWidth": 240},
    }
}
_STYLE = "#merman .edgeLabel rect{opacity:1;fill:#ffffff}</style>"  # arrows stay behind words
# Characters that a label gives by their numbers go through the library as one sign each, of the
# last private block: it breaks long words where it likes, also within a number.
_NUMBERED, _PRIVATE = re.compile(r"#(\d+);"), 0x10FF00
_STOOD_FOR = re.compile(f"[{chr(_PRIVATE)}-{chr(_PRIVATE + 0xFF)}]")
_OPEN = re.compile(r'(<svg[^>]*?) width="100%"([^>]*viewBox="\S+ \S+ (\S+) (\S+)")')


def draw(mermaid: str) -> str:
    """Return the SVG of a Mermaid text, as wide and high as its content. The text is our own, so
    there are no limits: a plant has more arrows than any chat message."""
    unbounded = ResourceProfile.UNBOUNDED_FOR_TRUSTED_INPUT
    trusted = ResourceOptionsBuilder().profile(unbounded).build()
    options = {**json.loads(trusted.to_options_json()), **_CONFIG}
    signs = _NUMBERED.sub(lambda found: chr(_PRIVATE + int(found[1])), mermaid)
    svg = Merman().render_svg(signs, json.dumps(options))
    svg = _STOOD_FOR.sub(lambda found: escape(chr(ord(found[0]) - _PRIVATE)), svg)
    svg = _OPEN.sub(r'\1 width="\3" height="\4"\2', svg, count=1)
    return svg.replace("</style>", _STYLE, 1)
