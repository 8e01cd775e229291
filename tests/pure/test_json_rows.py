"""Children as JSON: whatever is sent, it is read, or refused in a sentence."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.errors import Refused
from register.reports import json_rows
from register.reports.files import open_source
from register.reports.source import Read, Reject
from tests.registers import DRILL

NAMES = st.sampled_from(
    "la_code la_child_id purge child_details surname missing_episodes social_care_episodes "
    "child_looked_after_placements id type status start start_date end_date placement_type".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["383", "M", "A", "open", "2026-03-01", "2026-03-01T21:40:00+00:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)  # fmt: skip
EPISODES = st.fixed_dictionaries(
    {"missing_episodes": st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=3)},
    optional={"la_code": VALUES, "la_child_id": VALUES, "social_care_episodes": VALUES,
              "purge": VALUES, "child_details": VALUES},
)  # fmt: skip
LIKELY = st.text(alphabet='[]{}",:0a\\u ', max_size=80)
ANY = settings(
    deadline=None,
    max_examples=20_000 if DRILL else 300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read(path: Path) -> list[Read | Reject]:
    """Read a file; only a sentence may come instead."""
    with suppress(Refused):
        return list(open_source(path, None, "E08000035"))
    return []


@given(children=st.lists(EPISODES | VALUES, max_size=3), lines=st.booleans())
@ANY
def test_any_children_are_read_or_refused(
    tmp_path: Path,
    children: list[object],
    lines: bool,  # noqa: FBT001  # drawn
) -> None:
    path = tmp_path / "children.json"
    text = "\n".join(map(json.dumps, children)) if lines else json.dumps(children)
    path.write_text(text, "utf-8")
    for item in read(path):
        assert item.line >= 2


@given(
    content=st.binary(max_size=200) | st.text(alphabet='[]{}",:0a\\u ', max_size=80).map(str.encode)
)
@ANY
def test_any_bytes_behind_a_bracket_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "children.json"
    for bracket in (b"[", b"{"):
        path.write_bytes(bracket + content)
        read(path)


def test_a_row_that_cannot_go_in_is_handed_back_by_the_names_along_the_way(tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    episode = {"id": "M1", "type": "Z", "status": "open", "start": "2026-03-01"}
    path.write_text(
        json.dumps([{"la_code": 383, "la_child_id": "C1", "missing_episodes": [episode]}])
    )
    (item,) = read(path)
    assert isinstance(item, Reject)
    assert (item.line, item.field) == (2, "missing_episodes.type")
    # As a table it can be mended and sent again.
    mended = tmp_path / "mended.csv"
    row = [cell.replace("Z", "M") for cell in item.row]
    mended.write_text(f"{','.join(item.headings)}\n{','.join(row)}\n", "utf-8")
    (again,) = open_source(mended)
    assert isinstance(again, Read)
    assert again.reading.reference == "M1"


def test_an_array_that_is_too_long_is_to_be_sent_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_rows, "LARGEST", 1 << 20)
    path = tmp_path / "children.json"
    path.write_text("[" + " " * (1 << 20) + "]")
    with pytest.raises(Refused, match="write one child a line"):
        open_source(path)


def test_more_names_than_any_layout_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    path.write_text(json.dumps({"missing_episodes": [{f"n{each}": 1 for each in range(1001)}]}))
    with pytest.raises(Refused, match="more than 1,000 different names"):
        open_source(path)
