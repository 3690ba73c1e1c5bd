"""The one way in: finds its commands by listing engine/commands and crm/commands; nothing else.

Importing a command is cheap by rule: whatever is heavy is imported inside its function."""

from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path

import typer

ROOT = Path(__file__).resolve().parent
FOLDERS = ("engine/commands", "crm/commands")
GARBAGE = 50_000, 20, 20  # forms, models and migrations stay: looking through them again and again
PASSES_ARGUMENTS = {"manage"}  # its arguments are Django's own

gc.set_threshold(*GARBAGE)  # was a tenth of a start and a seventh of the migrations

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="MeatBot Production Suite: проверить, проиграть и запустить завод.",
)

for folder in FOLDERS:
    for path in sorted((ROOT / folder).glob("[a-z]*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        name = path.stem.rstrip("_").replace("_", "-")  # a word of Python ends with «_»
        settings = {
            "allow_extra_args": True,
            "ignore_unknown_options": True,
            "help_option_names": [],
        }
        app.command(name, context_settings=settings if name in PASSES_ARGUMENTS else None)(
            getattr(module, path.stem)
        )

if __name__ == "__main__":
    app()
