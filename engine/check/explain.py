"""Rules explained: why they matter, and their examples tried on the small project.

`explained` is one rule for a terminal, `listed` all in a line each, `manual` the page of them."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from engine.check.checked import check_folder
from engine.check.example import write
from engine.check.render import as_text
from engine.check.rule import Example, Rule
from engine.check.rules import RULES
from engine.check.spoken import translated

FAMILIES = {
    "F1": "YAML и ключи",
    "F2": "тексты",
    "F3": "выражения",
    "F4": "ход разговора",
    "F5": "люди и роли",
    "F6": "жизненные циклы",
    "F7": "данные, документы, отчёты",
    "F8": "версии",
    "F9": "проверки и политики",
}


def listed(words: NullTranslations) -> str:
    """Return every code with its title, by families."""
    lines, family = list[str](), ""
    for code, rule in RULES.items():
        if code[:2] != family:
            family = code[:2]
            lines += ["", f"{family}xx  {words.gettext(FAMILIES[family])}"]
        lines.append(f"  {code}  {words.gettext(rule.title)}")
    return "\n".join(lines[1:])


def explained(rule: Rule, words: NullTranslations) -> str:
    """Return a rule for reading: its title, why it matters, each example wrong and right."""
    parts = [f"{rule.code}: {words.gettext(rule.title)}", "", words.gettext(rule.why)]
    for example in rule.examples:
        parts += ["", words.gettext("Неправильно:"), "", _indented(_found(example, words))]
        parts += ["", words.gettext("Правильно:"), "", _indented(_right(example))]
    return "\n".join(parts)


def manual(words: NullTranslations) -> str:
    """Return the page of all rules, in Markdown."""
    lines, family = [f"# {words.gettext('Ошибки, которые находит проверка')}", ""], ""
    lines += [words.gettext(_HEAD), ""]
    for code, rule in RULES.items():
        if code[:2] != family:
            family = code[:2]
            lines += [f"## {family}xx. {words.gettext(FAMILIES[family])}", ""]
        lines += [f"### {code}. {words.gettext(rule.title)}", "", words.gettext(rule.why), ""]
        example = rule.examples[0]
        lines += ["```", _found(example, words), "```", ""]
        lines += [words.gettext("Правильно:"), "", "```yaml", _right(example), "```", ""]
    return "\n".join(lines)


_HEAD = (
    "Эту страницу делает программа: `cli.py explain --write`. Одну ошибку объясняет "
    "`cli.py explain F305`. Ошибку, которую вы видели и решили оставить, пропускает примечание "
    "в той же строке или над ней: `# flow: ignore F307 -- почему`."
)


def _found(example: Example, words: NullTranslations) -> str:
    """Return what the check says of the mistake of an example."""
    with TemporaryDirectory() as folder:
        flows = write(Path(folder), spoken=example.spoken)
        path = Path(folder) / example.file
        text = path.read_text("utf-8").replace(example.find, example.bad, 1)
        path.write_text(text, "utf-8")
        report = check_folder(flows)
        return as_text(translated(report.findings, words), report.trees, words)


def _right(example: Example) -> str:
    """Return the lines of an example done right."""
    with TemporaryDirectory() as folder:
        write(Path(folder), spoken=example.spoken)
        text = (Path(folder) / example.file).read_text("utf-8")
    start = text.index(example.find)
    text = text.replace(example.find, example.good, 1)
    first = text.rfind("\n", 0, start) + 1
    end = start + len(example.good.rstrip("\n"))
    last = text.find("\n", end)
    return dedent(text[first : last if last >= 0 else len(text)]).rstrip()


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
