"""A bakery's flows on the same engine, in a process that has neither the plant nor Django: three
flows, a lifecycle with a timer and a queue, a task, a deviation, limits and policies of its own.
They are checked, their talks are played, their paths are gone through."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FLOWS = Path(__file__).parent / "flows"
ROOT = Path(__file__).resolve().parents[2]
ALONE = """
import sys
from pathlib import Path

sys.modules["crm"] = sys.modules["django"] = None  # to import them fails
from engine.check.checked import check_folder
from engine.load.project import load_project
from engine.talk.explore.folder import explore_folder
from engine.talk.rehearse import rehearse

flows = Path(sys.argv[1])
report = check_folder(flows)
assert report.findings == (), report.findings
project, _ = load_project(flows)
rehearsal = rehearse(flows, project)
wrong = [f"{one.talk.name}: {one.error}" for one in rehearsal.played if one.error]
assert wrong == [], wrong
print(len(project.flows), "flows", len(rehearsal.played), "talks")
_, exploring = explore_folder(flows, "", run=True, pairs=True)
done = list(exploring)
troubles = [str(trouble) for one in done for trouble in one.troubles]
assert troubles == [], troubles
missed = [str(goal) for one in done for goal in one.goals if goal not in one.met]
assert missed == [], missed
print(sum(len(one.goals) for one in done), "goals")
"""


def test_a_bakery_is_checked_talked_through_and_explored_without_the_plant() -> None:
    command = [sys.executable, "-c", ALONE, str(FLOWS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    talks, goals = done.stdout.splitlines()
    assert talks == "3 flows 5 talks"
    assert int(goals.split()[0]) > 100
