"""An evidence pack: figures, sample and chronologies as known at one time, each part with its hash.

A pack is files. `SHA256SUMS` names the digest of every other one, in the form that `sha256sum -c`
reads; the log's entry of the disclosure keeps the digest of `SHA256SUMS` itself; `log.txt` is what
the log was when the pack was made. So a third person can prove that no part was changed since, and
draw the sample again from its frame and its seed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from register.access.policy import Permission, needs
from register.audit.leaf import canonical
from register.audit.note import Note
from register.audit.service import Detail, Entry, end_of_log, record_many
from register.errors import Invalid, NotFound
from register.inspection.chronology import Chronology, read_chronology
from register.inspection.figures import read_figures
from register.inspection.pack_data import chronology_data, figures_data, sample_data
from register.inspection.pack_page import Cover, page_of
from register.inspection.samples import DrawnSample, find_sample, frame_of
from register.settings import CONFIG_DIR
from register.work import Work

SUMS = "SHA256SUMS"
BROUGHT = ("verify.py", "pack.css", "README.txt")
"""Files that every pack has, as they stand under `config/pack/`."""
WORDS_LENGTH = 200

ORIGIN = "register/log"
"""What the log is called where nobody signed for it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a pack, by name, and the digest of `SHA256SUMS`."""

    name: str
    files: Mapping[str, bytes]
    digest: str


@needs(Permission.SAMPLE_DRAW)
def make_pack(work: Work, number: int, recipient: str, purpose: str) -> Pack:
    """Make the pack of a sample; that it was given out, to whom and what for, is logged.

    Raises NotFound for no sample, Invalid where the recipient or the purpose is lacking.
    """
    said = _said(recipient, purpose)
    sample = find_sample(work, number)
    then = replace(work, as_at=sample.as_at)
    figures = read_figures(then, sample.scope)
    frames = {each.name: frame_of(then, sample.scope, each.name) for each in sample.strata}
    chronologies = list(_chronologies(then, sample))
    log = end_of_log(work.session, lock=False)
    parts = {
        "figures.json": _json(figures_data(figures)),
        "sample.json": _json(sample_data(sample, frames)),
        **{f"chronology-{each.number}.json": _json(chronology_data(each)) for each in chronologies},
        "log.txt": Note(ORIGIN, log.size, log.root()).body.encode(),
    }
    cover = Cover(work.actor.name, work.now, **said)
    parts |= _brought()
    parts["index.html"] = page_of(cover, figures, sample, chronologies, sums_of(parts))
    sums = _sums_file(parts)
    digest = hashlib.sha256(sums).hexdigest()
    shown = [each.child for each in chronologies]
    told: dict[str, Detail] = {"digest": digest, "log_size": log.size}
    record_many(work, [Entry("pack:disclosed", f"sample {number}", told, shown, private=said)])
    return Pack(f"pack-{number}-{work.now:%Y%m%d}", {**parts, SUMS: sums}, digest)


def _said(recipient: str, purpose: str) -> dict[str, str]:
    """Give for whom and what for a pack is made; raise Invalid where that is lacking."""
    said = {"recipient": recipient.strip(), "purpose": purpose.strip()}
    problems = {name: f"Say the {name}: it is kept in the log" for name in said if not said[name]}
    problems |= {
        name: f"The {name} must be {WORDS_LENGTH} characters or fewer"
        for name, text in said.items()
        if len(text) > WORDS_LENGTH
    }
    if problems:
        raise Invalid(problems)
    return said


def sums_of(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each part, in hexadecimal figures, by its name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}


def _chronologies(work: Work, sample: DrawnSample) -> Iterable[Chronology]:
    for number in sample.children:
        try:
            yield read_chronology(work, number)
        except NotFound:
            continue  # no longer within this reader's sight: the sample says that it was drawn


def _sums_file(parts: Mapping[str, bytes]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sums_of(parts).items()).encode()


def _brought() -> dict[str, bytes]:
    return {name: (CONFIG_DIR / "pack" / name).read_bytes() for name in BROUGHT}


def _json(data: object) -> bytes:
    return f"{canonical(data)}\n".encode()
