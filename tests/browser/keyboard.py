"""A person who uses nothing but the keyboard: moves by Tab and arrows, and counts what they did."""

from playwright.sync_api import Page

MOST_TABS = 150
_FOCUSED = """() => {
    const it = document.activeElement
    const said = it.labels?.length ? it.labels[0].innerText : it.getAttribute('aria-label')
    return (said || it.innerText || '').replace(/\\s+/g, ' ').trim()
}"""
_IS_SHOWN = """() => {
    const it = document.activeElement.getBoundingClientRect()
    return it.bottom > 0 && it.top < innerHeight
}"""


class Keys:
    """Presses keys on a page; `acts` counts what was filled in, chosen or pressed, no moves."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def focused(self) -> str:
        """Tell what has the focus, as it is labelled."""
        return str(self.page.evaluate(_FOCUSED))

    def go_to(self, name: str) -> None:
        """Move on by Tab to what bears this name; it must come into view."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.focused().startswith(name):
                assert self.page.evaluate(_IS_SHOWN), f"{name} has the focus out of view"
                return
        raise AssertionError(f"no {name!r} is reached by Tab on {self.page.url}")

    def press(self, name: str) -> None:
        """Follow a link, or press a button."""
        self.go_to(name)
        self.send("Enter")
        self.acts += 1

    def send(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, name: str, text: str) -> None:
        """Fill in a box."""
        self.go_to(name)
        self.page.keyboard.type(text)
        self.acts += 1

    def choose(self, first: str, wanted: str) -> None:
        """Choose of some radios, to the first of which Tab leads."""
        self.go_to(first)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if self.focused() == wanted:
                self.acts += 1
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {wanted!r} among the choices")
