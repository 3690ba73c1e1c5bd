"""The main menu."""

from __future__ import annotations

from pydantic import Field, model_validator

from engine.expressions.written import Expression, Title, Written


class MenuLeaf(Written):
    """A button that starts a flow, or opens a menu within a menu."""

    title: Title = Field(
        min_length=1, max_length=40, description="Title of the button; {n} is its count."
    )
    flow: str = Field(default="", description="The flow that it starts.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of the flow to expression."
    )
    when: Expression | None = Field(default=None, description="Shown only when this holds.")
    count: Expression | None = Field(default=None, description="A number for {n} of the title.")
    entries: tuple[MenuLeaf, ...] = Field(
        default=(), description="Buttons of a sub-menu, in order."
    )

    @model_validator(mode="after")
    def _one_way(self) -> MenuLeaf:
        if bool(self.flow) == bool(self.entries):
            raise ValueError("нужно одно из двух: flow или entries")
        return self

    @property
    def leaves(self) -> tuple[MenuLeaf, ...]:
        """The buttons that start flows: this one, or those of its sub-menus."""
        return tuple(leaf for one in self.entries for leaf in one.leaves) or (self,)

    @property
    def text_key(self) -> str:
        """What translators know the button by, wherever it stands: the flow with what it gives and
        the condition, a sub-menu by its first button."""
        if self.entries:
            return self.entries[0].text_key
        given = ", ".join(f"{name}={value}" for name, value in self.with_.items())
        name = f"{self.flow}({given})" if given else self.flow
        return f"{name} if {self.when}" if self.when else name


class MenuEntry(MenuLeaf):
    """One button of the main menu: it starts a flow, or opens a menu of its own.

    `- {title: Новая партия, flow: raw_intake, roles: [receiver]}`; with `entries:` instead of
    `flow:` it is a sub-menu, with `tasks:` a list of tasks."""

    roles: tuple[str, ...] = Field(min_length=1, description="Who sees it.")
    link: bool = Field(
        default=False,
        description="The link of a label (`/start CODE`) opens this form too, and the code answers "
        "its first question.",
    )
    tasks: tuple[str, ...] = Field(
        default=(),
        description="Kinds of tasks: the button lists those of them that the person may do, with "
        "the decision requests that wait for him; {n} of the title counts them.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> MenuEntry:
        if sum(map(bool, (self.flow, self.entries, self.tasks))) != 1:
            raise ValueError("нужно одно из трёх: flow, entries или tasks")
        if not self.flow and self.with_:
            raise ValueError("with бывает у кнопки, которая открывает форму")
        if not self.flow and self.link:
            raise ValueError("link бывает у кнопки, которая открывает форму")
        if self.tasks and self.count is not None:
            raise ValueError("задачи считает сама кнопка: count ей не нужен")
        return self

    @property
    def text_key(self) -> str:
        """What translators know the button by; a list of tasks by their kinds."""
        if self.tasks:
            return f"tasks({', '.join(self.tasks)})"
        return super().text_key
