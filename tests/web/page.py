"""What must hold of every page, looked at without a browser."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse

FORBIDDEN_WORDS = ("GOV.UK", "None", "Undefined", "Traceback", "jinja2")


class Page(HTMLParser):
    """Reads what the checks ask of: titles, headings, fields and their labels, scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title = ""
        self.headings: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        if tag not in {"input", "meta", "link", "br", "path", "rect", "circle", "line"}:
            self._open.append(tag)
        if tag == "h1":
            self.headings.append("")
        if tag == "label":
            self.labels.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "submit"}:
            self.fields.append(given)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        bare = tag == "script" and not given.get("src") and not given.get("nonce")
        if bare or tag == "style" or any(name == "style" or name[:2] == "on" for name in given):
            self.inline.append(f"{tag} {given}")

    def handle_endtag(self, tag: str) -> None:
        """Note that an element is closed."""
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if "h1" in self._open:
            self.headings[-1] += data
        if "script" not in self._open:
            self.said.append(data)


def check_page(answer: TestResponse) -> None:
    """Fail where a page lacks a title, one heading, labels, or brings what the policy forbids."""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if answer.mimetype != "text/html" or 300 <= answer.status_code < 400:
        return
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer.text)
    assert page.title.strip().endswith("Register of missing children"), page.title
    assert len(page.headings) == 1, page.headings
    assert page.headings[0].strip()
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    assert not page.inline, page.inline
    unnamed = [
        field
        for field in page.fields
        if (field.get("id") or "-") not in page.labels and not field.get("aria-label")
    ]
    assert not unnamed, unnamed
    said = " ".join(page.said)
    found = [word for word in FORBIDDEN_WORDS if word in said]
    assert not found, (page.headings, found)
