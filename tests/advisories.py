"""Known holes of what is installed: `python -m tests.advisories`, asked of the advisories of PyPI.

Fails when one is known of a package of requirements.lock. Where the advisories do not answer, or
know nothing of a package, it says so and fails nothing: that is no fault of the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ASK = ("--disable-pip", "--require-hashes", "-r", "requirements.lock", "-f", "json")
PATIENCE_S = 180


def judged(report: str) -> tuple[list[str], bool]:
    """Return the lines to be printed of a report of pip-audit, and whether a hole is known.

    >>> judged("")
    (['the advisories did not answer: nothing was audited'], False)
    >>> hole = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    >>> kept = [{"name": "a", "version": "1.0", "vulns": [hole]}, {"name": "b", "skip_reason": ""}]
    >>> for line in judged(json.dumps({"dependencies": kept}))[0]:
    ...     print(line)
    a 1.0: PYSEC-1, mended in 2.0
    1 audited, 1 unknown to the advisories, known holes: 1
    """
    if not report.strip():
        return ["the advisories did not answer: nothing was audited"], False
    packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    unknown = [one for one in packages if "skip_reason" in one]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in "
        + (", ".join(hole["fix_versions"]) or "no version")
        for one in packages
        for hole in one.get("vulns", ())
    ]
    counted = f"{len(packages) - len(unknown)} audited, {len(unknown)} unknown to the advisories"
    return [*holes, f"{counted}, known holes: {len(holes)}"], bool(holes)


def main() -> int:
    """Ask, print what is known, and return the code of the process."""
    command = [str(Path(sys.executable).with_name("pip-audit")), *ASK]
    try:
        asked = subprocess.run(
            [*command, "--progress-spinner", "off"],
            cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
        report = asked.stdout
    except subprocess.TimeoutExpired:
        report = ""
    lines, known = judged(report)
    print("\n".join(lines))
    return int(known)


if __name__ == "__main__":
    sys.exit(main())
