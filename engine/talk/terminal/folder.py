"""Play a form of a folder of flows in a terminal. Start at `play_folder`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.errors import EngineError
from engine.languages.catalogue import LOCALES, SOURCE, read_languages
from engine.languages.message import Message
from engine.load.project import load_project
from engine.talk.rehearse import Rehearser
from engine.talk.stage import Stage
from engine.talk.terminal.console import Console
from engine.talk.terminal.opening import Unplayable, opening

ENDING = ".talk"
OFFER = Message("Записать разговор? Имя файла .talk, Enter — не записывать: ")


class Terminal:
    """Where a form is played: `read` asks for a line (None: nothing more is typed), `tell` shows
    one, in the language `lang`."""

    def __init__(
        self, lang: str, read: Callable[[str], str | None], tell: Callable[[str], None]
    ) -> None:
        there = (LOCALES / lang).is_dir()
        self._speaker = read_languages(LOCALES, (lang,) if there else ()).speaker(lang)
        self.lang, self._read, self._tell = lang, read, tell
        self.over = False

    def read(self, prompt: str) -> str | None:
        """Ask for a line; once there are no more, nothing is asked again."""
        line = None if self.over else self._read(prompt)
        self.over = line is None
        return line

    def say(self, text: str, /) -> str:
        """Return a text in the reader's language."""
        return self._speaker(text)

    def tell(self, text: str) -> None:
        """Show a text in the reader's language."""
        self._tell(self.say(text))


def play_folder(
    root: Path,
    flow: str,
    role: str,
    given: Mapping[str, str],
    terminal: Terminal,
    talk: Path | None,
) -> None:
    """Play a form of a folder and write it down as a talk where that is wanted. Raises
    Unplayable."""
    if talk is not None:
        _free(talk)
    project, findings = load_project(root)
    if project is None or findings:
        words = {"why": findings[0].message if findings else "project.yaml", "root": str(root)}
        raise Unplayable(Message("{why}: смотрите cli.py validate {root}", words))
    try:
        stage = Rehearser(root, project).stage()
    except EngineError as error:
        raise Unplayable(Message("{why}", {"why": str(error)})) from error
    play_form(stage, flow, role, given, terminal, talk)


def play_form(
    stage: Stage,
    flow: str,
    role: str,
    given: Mapping[str, str],
    terminal: Terminal,
    talk: Path | None,
) -> None:
    """Play a form on a stage; write it down in `talk`, or where the answer to the offer says.
    Raises Unplayable."""
    lang = "" if terminal.lang == SOURCE else terminal.lang
    console = Console(
        stage,
        opening(stage.plant, flow, role, given, lang),
        terminal.read,
        terminal.tell,
        terminal.say,
    )
    console.run()
    path = talk or _offered(terminal)
    if path is not None:
        about = f"# Played in a terminal: {flow}.\n"
        path.write_text(about + console.talk, encoding="utf-8")
        terminal.tell(Message("Записано: {path}", {"path": str(path)}))


def _free(path: Path) -> None:
    if path.suffix != ENDING:
        raise Unplayable(
            Message("Разговор пишется в файл .talk, а не в {path}", {"path": str(path)})
        )
    if path.exists():
        raise Unplayable(Message("Файл {path} уже есть", {"path": str(path)}))
    if not path.parent.is_dir():
        raise Unplayable(Message("Нет папки {path}", {"path": str(path.parent)}))


def _offered(terminal: Terminal) -> Path | None:
    """Ask where to write the talk, until it can be; None where nothing is answered."""
    while not terminal.over and (answer := (terminal.read(terminal.say(OFFER)) or "").strip()):
        path = Path(answer)
        try:
            _free(path)
        except Unplayable as error:
            terminal.tell(error.said)
            continue
        return path
    return None
