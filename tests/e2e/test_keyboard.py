"""The keyboard alone ships pallets: Tab, Space, Enter and what is typed, from the door to the truck
(domain 4.46); where one stands is always seen."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Office, opened

FAR = 150  # presses of Tab; nothing is further away
# What has the focus: its name, whether it is on the screen, and whether that is drawn.
HERE = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const label = here.labels?.[0]?.innerText;
  const name = here == document.body
    ? '' : here.getAttribute('aria-label') || label || here.innerText || '';
  const style = getComputedStyle(here);
  const drawn = (style.outlineStyle != 'none' && parseFloat(style.outlineWidth) > 0)
    || /[1-9]\\d*px/.test(style.boxShadow);
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const seen = here == document.body || here.contains(at) || at?.contains(here) || false;
  return {name: name.trim(), tag: here.tagName, type: here.type || '', drawn, seen,
    open: here.parentElement?.open};
}"""


class Keyboard:
    """The keys of somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.lost: list[str] = []  # where the focus was not seen

    def to(self, name: str, tag: str = "") -> None:
        """Press Tab until what has this name is reached."""
        for _ in range(FAR):
            self._page.keyboard.press("Tab")
            here = self._page.evaluate(HERE)
            if not (here["drawn"] and here["seen"]):
                self._page.wait_for_timeout(500)  # it scrolls there, and the theme fades things in
                here = self._page.evaluate(HERE)
            if here["tag"] != "BODY" and not (here["drawn"] and here["seen"]):
                self.lost.append(f"{here['tag']} {here['name']}")
            if name in here["name"] and tag in {"", here["tag"]}:
                return
        raise AssertionError(f"Tab does not lead to «{name}» on {self._page.url}")

    def to_box(self, name: str) -> None:
        """Go on to a box of this name, opening what is closed on the way."""
        for _ in range(FAR):
            self.to("")
            here = self._page.evaluate(HERE)
            if here["tag"] == "SUMMARY" and not here["open"]:
                self.press("Enter")
            if name in here["name"] and here["tag"] == "INPUT":
                return
        raise AssertionError(f"no box «{name}» on {self._page.url}")

    def press(self, key: str) -> None:
        """Press a key and wait for what it does."""
        self._page.keyboard.press(key)
        self._page.wait_for_load_state()

    def type(self, text: str) -> None:
        """Type where one stands."""
        self._page.keyboard.type(text)

    def type_into(self, field: str, text: str) -> None:
        """Type into a field that has the focus by itself."""
        self._page.wait_for_function("name => document.activeElement.name == name", arg=field)
        self.type(text)

    def enter(self, office: Office, name: str) -> None:
        """Sign in on the door, where the first field has the focus."""
        self.type_into("username", name)
        self._page.keyboard.press("Tab")
        self.type(office.password)
        self.press("Enter")
        self._page.wait_for_url(f"{office.office_url}/admin/")


def test_the_keyboard_alone_ships_pallets_and_always_shows_where_one_stands(
    lived: Office, browser: Browser
) -> None:
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        keys = Keyboard(page)
        keys.enter(lived, "shipping_clerk")
        keys.to("К содержанию")
        keys.to("Склад ГП", "A")
        keys.press("Enter")
        page.wait_for_url("**/store/")
        keys.to("К содержанию")
        keys.press("Enter")
        keys.to("Создать отгрузку")
        keys.press("Enter")
        page.wait_for_url("**/shipment/add/")
        keys.type_into("customer", "Сеть «Клавиша»")
        keys.to_box("Паллет ")
        keys.press("Space")
        keys.to("Создать отгрузку")
        keys.press("Enter")
        page.get_by_text("составлена").first.wait_for()
        for _ in ("the button of the card", "that of the dialog"):
            keys.to("Подтвердить")
            keys.press("Enter")
        page.get_by_text("подтверждена").first.wait_for()
        shipment = page.url
        assert keys.lost == []
    with opened(browser, f"{lived.office_url}/admin/login/") as page:
        keys = Keyboard(page)
        keys.enter(lived, "shipping_clerk2")
        page.goto(shipment)
        for _ in ("the button of the card", "that of the dialog"):
            keys.to("Отгрузить")
            keys.press("Enter")
        page.get_by_text("ушла").first.wait_for()
        assert keys.lost == []
