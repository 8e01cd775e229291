"""How long it takes to prove a log of a million entries whole, and one of them to be in it.

    python -m benchmarks.log [--entries 1000000] [--database URL]

Without a database's address it uses an SQLite file in a folder of its own. Prints seconds, in
brackets those of the processor, which others on the machine do not lengthen; for proofs the longest
of a hundred, in milliseconds.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something took."""
    wall, own = time.perf_counter(), time.process_time()
    yield
    print(f"{what}: {time.perf_counter() - wall:.1f} s ({time.process_time() - own:.1f} s)")


def measure(engine: Engine, entries: int, folder: Path) -> None:
    """Print what is measured."""
    with begin_work(engine, writes=False) as work:
        with timed("verify it"):
            verify(work.session, SIGNER.key)
        chance, taken = random.Random(11), []  # noqa: S311  # no secret
        for _ in range(PROOFS):
            wall, own = time.perf_counter(), time.process_time()
            proof = proof_of_entry(work.session, chance.randrange(entries))
            taken.append((time.perf_counter() - wall, time.process_time() - own))
        slowest, costliest = (1000 * max(each) for each in zip(*taken, strict=True))
        print(f"prove one of them, the slowest of {PROOFS}: {slowest:.1f} ms ({costliest:.1f} ms)")
        with timed("export it"), (folder / "log.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines(work.session, entries))
    (folder / "last.note").write_text(proof.partition("\n\n")[2], "utf-8")
    verifier = [sys.executable, str(ROOT / "docs" / "verify_log.py"), "--key", SIGNER.key.text()]
    asked = ["log", str(folder / "log.jsonl"), str(folder / "last.note")]
    with timed("verify what was exported with docs/verify_log.py"):
        subprocess.run([*verifier, *asked], check=True)  # noqa: S603  # our own program


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
        with timed(f"write {given.entries} entries"):
            fill(engine, given.entries)
        measure(engine, given.entries, folder)
        engine.dispose()


if __name__ == "__main__":
    main()
