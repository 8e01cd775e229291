"""Evidence packs: proved by a third person, and telling nothing of who a child is."""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from register.audit.models import AuditEvent
from register.audit.nodes import root_at
from register.audit.private import words_of
from register.errors import Invalid, NotFound
from register.inspection.models import Sample
from register.inspection.pack import Pack, make_pack
from register.work import begin_work
from tests.inspections import (
    AT,
    CORA,
    draw,
    pack,
    tell_of,
)
from tests.web.story import GRACE_AUTHORITY, PLACE
from tests.web.story import send as send_story


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A few children, told of three hours before AT."""
    return tell_of(engine)


def unpack(made: Pack, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return folder


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "verify.py")]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_third_person_can_prove_a_pack(told: Engine, tmp_path: Path) -> None:
    made = pack(told, draw(told).number)
    folder = unpack(made, tmp_path / "pack")
    ran = check(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert made.digest in ran.stdout
    with begin_work(told, writes=False) as work:
        entry = work.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "pack:disclosed")
        ).one()
        _, size, root = made.files["log.txt"].decode().splitlines()
        assert root_at(work.session, int(size)) == b64decode(root)
        assert entry.facts["digest"] == made.digest
        said = words_of(work.session, entry.seq, entry.kind, entry.detail)
        assert said == {"recipient": "Panel of Leeds", "purpose": "Inspection of March"}
        assert int(size) <= entry.seq


def test_control_every_change_of_a_pack_is_found(told: Engine, tmp_path: Path) -> None:
    made = pack(told, draw(told).number)
    folder = tmp_path / "pack"
    for name in made.files:
        if name in {"verify.py", "SHA256SUMS"}:
            continue
        path = unpack(made, folder) / name
        path.write_bytes(path.read_bytes() + b" ")
        ran = check(folder)
        assert ran.returncode == 1, name
        assert f"{name} was changed." in ran.stdout
    (unpack(made, folder) / "figures.json").unlink()
    assert "figures.json is missing." in check(folder).stdout
    (unpack(made, folder) / "more.json").write_text("{}")
    assert "more.json is no part" in check(folder).stdout


def test_control_a_sample_that_somebody_chose_is_found(told: Engine, tmp_path: Path) -> None:
    drawn = draw(told)
    with Session(told) as above, above.begin():  # who holds the database
        row = above.get_one(Sample, drawn.number)
        row.strata = [[name, n, size, drawn[::-1]] for name, n, size, drawn in row.strata]
    ran = check(unpack(pack(told, drawn.number), tmp_path / "pack"))
    assert ran.returncode == 1
    assert "not drawn by its seed" in ran.stdout


def test_a_pack_tells_no_place_no_name_and_nobodys_words(told: Engine) -> None:
    with begin_work(told, clock=lambda: AT) as work:
        words = {
            "reference": "L-85/1",
            "child_reference": "L-85",
            "return_interview_reason": "AT Z",
        }
        send_story(work, GRACE_AUTHORITY | words | {"surname": "Wordy-Test", "clothing": "Red"})
    made = pack(told, draw(told, {"all": 50}, now=AT + timedelta(hours=1)).number)
    assert len(made.files) > 10
    whole = b"".join(made.files.values()).decode()
    secrets = [PLACE, "Secret Street", "Tari", "Adeyemi", "Maya", "Grace", "Okafor", "2011-05-31"]
    assert not [each for each in [*secrets, "9000000009", "AT Z", "Wordy"] if each in whole]
    assert '"risk_level","","high"' in whole, "control: what may be told is there"


def test_a_pack_is_of_the_time_of_its_sample(told: Engine) -> None:
    drawn = draw(told)
    first = pack(told, drawn.number, now=AT + timedelta(minutes=1))
    with begin_work(told, clock=lambda: AT + timedelta(hours=1)) as work:
        send_story(work, GRACE_AUTHORITY | {"updated_at": "2026-03-03T00:30:00+00:00"})
    later = pack(told, drawn.number, now=AT + timedelta(days=2))
    same = [name for name in first.files if name.endswith(".json")]
    assert same
    assert all(first.files[name] == later.files[name] for name in same)
    assert json.loads(first.files["sample.json"])["seed"] == "abc"


def test_a_pack_needs_a_recipient_and_a_purpose(told: Engine) -> None:
    number = draw(told).number
    with begin_work(told, CORA, clock=lambda: AT) as work:
        for said in (("", "x"), ("x", " "), ("x" * 201, "x")):
            with pytest.raises(Invalid):
                make_pack(work, number, *said)
        with pytest.raises(NotFound):
            make_pack(work, 99, "x", "x")
