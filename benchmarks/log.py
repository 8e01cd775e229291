"""How long it takes to prove a log of a million entries whole, and one of them to be in it.

    python -m benchmarks.log [--entries 1000000] [--database URL]

Without a database's address it uses an SQLite file in a folder of its own. Prints seconds, and for
proofs the longest of a hundred in milliseconds.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from register.audit.checkpoints import checkpoint
from register.audit.exporting import lines, proof_of_entry
from register.audit.keys import ORIGIN
from register.audit.note import LOG, Signer
from register.audit.service import Entry, record_many
from register.audit.verification import verify
from register.db import make_engine, upgrade_database
from register.settings import ROOT
from register.terms import Role
from register.work import Actor, begin_work

SIGNER = Signer(ORIGIN, LOG, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OFFICER = Actor("a.officer", Role.FORCE_USER, "E23000010", user_id=7)
AT_ONCE, EVERY, PROOFS = 10_000, 1000, 100
"""Entries of one transaction; entries from checkpoint to checkpoint; proofs that are timed."""


def fill(engine: Engine, entries: int) -> None:
    """Write so many entries, as pages that show children write them, and their checkpoints."""
    for start in range(0, entries, AT_ONCE):
        with begin_work(engine, OFFICER) as work:
            for first in range(start, min(entries, start + AT_ONCE), EVERY):
                shown = {"by": "list:viewed missing now"}
                numbers = range(first, min(entries, first + EVERY))
                record_many(work, (Entry("child:shown", f"child {n}", shown) for n in numbers))
                checkpoint(work, SIGNER)


def timed(engine: Engine, entries: int, folder: Path) -> None:
    """Print what is measured."""
    with begin_work(engine, writes=False) as work:
        began = time.perf_counter()
        found = verify(work.session, SIGNER.key)
        seconds = time.perf_counter() - began
        print(f"verify {found.size} entries, {found.checkpoints} checkpoints: {seconds:.1f} s")
        chance, slowest = random.Random(11), 0.0  # noqa: S311  # no secret
        for _ in range(PROOFS):
            began = time.perf_counter()
            proof_of_entry(work.session, chance.randrange(entries))
            slowest = max(slowest, time.perf_counter() - began)
        print(f"prove one entry, the slowest of {PROOFS}: {slowest * 1000:.1f} ms")
        began = time.perf_counter()
        with (folder / "log.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines(work.session, entries))
        print(f"export: {time.perf_counter() - began:.1f} s")
        note = proof_of_entry(work.session, 0).partition("\n\n")[2]
    (folder / "last.note").write_text(note, "utf-8")
    began = time.perf_counter()
    verifier = [sys.executable, str(ROOT / "docs" / "verify_log.py"), "--key", SIGNER.key.text()]
    asked = ["log", str(folder / "log.jsonl"), str(folder / "last.note")]
    subprocess.run([*verifier, *asked], check=True)  # noqa: S603  # our own program
    print(f"the same by docs/verify_log.py: {time.perf_counter() - began:.1f} s")


def main() -> None:
    """Fill a log and measure."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--entries", type=int, default=1_000_000)
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = make_engine(given.database or f"sqlite:///{folder / 'log.sqlite3'}")
        upgrade_database(engine)
        began = time.perf_counter()
        fill(engine, given.entries)
        print(f"write {given.entries} entries: {time.perf_counter() - began:.1f} s")
        timed(engine, given.entries, folder)
        engine.dispose()


if __name__ == "__main__":
    main()
