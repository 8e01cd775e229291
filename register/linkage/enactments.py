"""The model in force: the one that the latest recorded decision names, kept whole.

The first one is recorded with the register's first piece of work, so that a newer version of the
program, which brings a newer model file, changes nothing until somebody decides so.
"""

import tomllib
from hashlib import sha256
from typing import cast

from sqlalchemy import select

from register.audit.service import record
from register.errors import Conflict, Refused
from register.linkage.match import Model
from register.linkage.model import IN_FORCE
from register.linkage.model_file import model_of
from register.linkage.models import Enactment
from register.work import Work, was_known

BROUGHT = IN_FORCE
"""The model file that comes with the program."""
FIRST = "It came with the register."

LATEST_DIGEST = select(Enactment.digest).order_by(Enactment.id.desc()).limit(1).scalar_subquery()
_ROOM = "model"
_read: dict[str, Model] = {}
"""Models by their digests: what stands under one never changes."""


def model_for(work: Work) -> Model:
    """Give the model in force, now or at the time as at which the work reads."""
    if _ROOM not in work.known:
        work.known[_ROOM] = _latest(work)
    return cast("Model", work.known[_ROOM])


def note_model(work: Work, digest: str | None) -> None:
    """Note which model is in force, by its digest, so that it need not be asked."""
    if digest in _read:
        work.known[_ROOM] = _read[digest]


def _latest(work: Work) -> Model:
    known = select(Enactment.id, Enactment.digest).where(was_known(work, Enactment.at))
    query = known.order_by(Enactment.id.desc()).limit(1)
    latest = work.session.execute(query).one_or_none()
    if latest is None:
        return model_from(BROUGHT.read_text("utf-8"))
    if latest.digest not in _read:
        kept = work.session.get_one(Enactment, latest.id)
        _read[kept.digest] = model_from(kept.text)
    return _read[latest.digest]


def model_from(text: str) -> Model:
    """Read a model file's text. Raises Refused, with a sentence, where it is none."""
    try:
        return model_of(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"This is no model file ({error}): give one in TOML.") from error


def digest_of(text: str) -> str:
    """Name a model file by its content."""
    return sha256(text.encode()).hexdigest()


def enactments(work: Work) -> list[Enactment]:
    """Give every decision on the model in force, the latest first."""
    known = select(Enactment).where(was_known(work, Enactment.at))
    return list(work.session.scalars(known.order_by(Enactment.id.desc())))


def enact_first(work: Work) -> None:
    """Record the model that came with the program as the one in force, where none is yet."""
    if work.session.scalar(select(Enactment.id).limit(1)) is None:
        _keep(work, BROUGHT.read_text("utf-8"), FIRST)


def enact(work: Work, text: str, reason: str) -> Enactment:
    """Record that a model is in force from now on; what follows from it is the caller's to fold.

    Raises Refused where it is no model, Conflict where it is in force already, gives no reason or
    bears the name of another model: links and reviews are kept with the name.
    """
    model = model_from(text)
    if not reason.strip():
        raise Conflict("Say why: a decision on the model needs a reason.")
    known = enactments(work)
    if known and known[0].digest == digest_of(text):
        raise Conflict(f"The model {model.version} is in force already.")
    if any(each.version == model.version and each.digest != digest_of(text) for each in known):
        raise Conflict(
            f"Another model called {model.version} has been in force: "
            "give this one a `version` of its own."
        )
    return _keep(work, text, reason.strip())


def _keep(work: Work, text: str, reason: str) -> Enactment:
    kept = Enactment(
        version=model_from(text).version,
        digest=digest_of(text),
        text=text,
        reason=reason,
        actor=work.actor.name,
        at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    work.known.pop(_ROOM, None)
    said = {"reason": reason}
    record(work, "model:enacted", f"model {kept.version}", private=said, digest=kept.digest)
    return kept
