"""Flows are data: no Python of the program knows a flow, a step or a shop-floor role by its name,
nor says what a flow says.

Looked at are the string literals of the syntax trees of `engine/` and `crm/`, docstrings apart;
files, classes and functions may be called as they like. Left out are migrations, the seeds
(`crm/office/seed.py`, `crm/catalogue/reference.py`) and the simulated plant `crm/plant`, which
plays the plant's own people.

A literal **is a name** when it equals one. Names that do not count, because they are the program's
own words first: every name and code of the vocabulary (records and their fields, facts, operations
and their parameters, catalogues, jobs, codes of choices) and every key of the language itself
(`review`, `after`). The name of a step that is a single word (`rest`, `what`, `source`) is
everybody's English: it counts where Python would reach into answers by it: as a subscript, in
`.get(…)`, in a comparison, after `again=`.

A literal **says what a flow says** when it holds, letter by letter with holes for holes, a text of
two words or more that a conversation of `flows/` shows: prompts, hints, notes, notices, replies.
Names of things do not count: titles and labels (of fields, options, states), captions of buttons,
and prompts that are but the name of a field, since the office shows the same field. Refusals
(`say:`) do not count either: domain.md words them, and an operation must refuse under its lock
what the form refused before."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from crm.people.roles import OfficeRole
from engine.load.project import Project, load_project
from engine.schema.texts import PlantText
from engine.steps.registry import KINDS

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("migrations", "plant", "seed.py", "reference.py")
NAMES_OF_THINGS = {"title", "label", "say"}
BUTTONS = {
    "save",
    "again",
    "leave",
    "refresh",
    "done",
    "remove",
    "add",
    "next",
    "skip",
    "ask_again",
}
WORD = re.compile(r"[А-Яа-яЁё]{3,}")
HOLE = re.compile(r"\{[^{}]*\}")


@cache
def project() -> Project:
    found, findings = load_project(ROOT / "flows")
    assert found is not None, findings
    return found


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax trees that are looked at, by the names of their files."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for folder in ("engine", "crm")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {*path.relative_to(ROOT).parts} & {*LEFT_OUT}
    }


def docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the texts that stand alone as a statement."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give the string literals of a tree, those inside f-strings too."""
    silent = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node


def reaching(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give the literals by which Python would reach into answers: subscripts, `.get(…)`, operands
    of a comparison, the step after `again=`."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant() as found):
                yield found
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant() as found, *_]):
                yield found
            case ast.Compare():
                operands = [node.left, *node.comparators]
                inner = chain.from_iterable(ast.walk(one) for one in operands)
                yield from (one for one in inner if isinstance(one, ast.Constant))
            case ast.keyword(arg="again", value=ast.Constant() as found):
                yield found


def keys_of_the_language() -> set[str]:
    """Return every key of the classes that read YAML."""
    waiting, met = [BaseModel], set[type[BaseModel]]()
    while waiting:
        form = waiting.pop()
        if form not in met:
            met.add(form)
            waiting += form.__subclasses__()
    fields = chain.from_iterable(form.model_fields.items() for form in met)
    return {*KINDS} | {key for name, info in fields for key in (name, info.alias or name)}


@cache
def words_of_the_program() -> set[str]:
    """Return every name and code of the vocabulary, and the keys of the language."""
    names = project().vocabulary
    forms = (*names.operations.values(), *names.jobs.values())
    kinds = [kind for fields in names.records.values() for kind in fields.values()]
    kinds += [kind for form in forms for kind in form.params.values()]
    kinds += [kind for fact in names.facts.values() for kind in (*fact.params, fact.result)]
    found = {code for kind in kinds for code in re.findall(r"\w+", kind)}
    found |= {*names.records, *names.facts, *names.operations, *names.catalogues, *names.jobs}
    found |= {field for fields in names.records.values() for field in fields}
    found |= {name for form in forms for name in form.params}
    return found | {f"{record}s" for record in names.records} | keys_of_the_language()


@cache
def step_names() -> set[str]:
    return {step.name for one in project().sketches.values() for _, step in one.steps}


def shop_floor() -> set[str]:
    return {*project().project.roles} - {*OfficeRole.values} - words_of_the_program()


def named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the line and the name wherever a tree names a flow, a step or a shop-floor role."""
    own = words_of_the_program()
    steps = step_names() - own
    everywhere = ({*project().flows} - own) | {one for one in steps if "_" in one} | shop_floor()
    for node in literals(tree):
        if node.value in everywhere:
            yield node.lineno, str(node.value)
    for node in reaching(tree):
        if node.value in steps - everywhere:
            yield node.lineno, str(node.value)


@cache
def shown() -> dict[str, str]:
    """Return what conversations show, its holes emptied, to where it stands."""
    labels = {text.message.template.lower() for text in project().texts() if _key(text) == "label"}
    found = {}
    for text in project().texts():
        words, flow = text.message.template, text.message.context.partition(":")[0]
        caption = ":buttons." in text.message.context  # of values that a question offers
        thing = caption or _key(text) in NAMES_OF_THINGS | BUTTONS
        thing = thing or words.lower().split(",")[0] in labels
        if flow in project().flows and not thing and len(WORD.findall(HOLE.sub("", words))) > 1:
            found[HOLE.sub("{}", words)] = text.message.context
    return found


def _key(text: PlantText) -> str:
    return re.split(r"[.:]", text.message.context)[-1]


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the line and the text wherever a tree says what a flow says."""
    for node in literals(tree):
        text = HOLE.sub("{}", str(node.value))
        if not WORD.search(text):
            continue
        for words in shown():
            if words in text:
                yield node.lineno, words


def test_no_python_names_a_flow_a_step_or_a_shop_floor_role() -> None:
    found = [
        f"{file}:{line} {name}" for file, tree in trees().items() for line, name in named(tree)
    ]
    assert found == []


def test_no_python_says_what_a_flow_says() -> None:
    found = [f"{file}:{line} {text}" for file, tree in trees().items() for line, text in said(tree)]
    assert found == []
