"""The log, for those who keep it and those who prove it: `register audit`."""

from pathlib import Path

import click

from register.audit.cosigning import cosign
from register.audit.exporting import lines, proof_of_entry, proof_of_growth
from register.audit.keys import log_signer, witness_signer
from register.audit.note import find_notes, read_key
from register.audit.rounds import notes_of_witnesses
from register.audit.service import end_of_log, erase_words, record, undone_erasures
from register.audit.verification import Kept, verify
from register.cli.ground import open_database, read_settings
from register.errors import Refused, RegisterError
from register.work import begin_work, utc_now

FILE = click.Path(path_type=Path)


@click.group("audit")
def audit() -> None:
    """The log."""


@audit.command("key")
def print_key() -> None:
    """Print the public key by which anybody verifies the log's checkpoints."""
    click.echo(log_signer(Path(read_settings().instance_dir)).key.text())


@audit.command("verify")
@click.option("--note", "files", type=FILE, multiple=True, help="Signed notes kept elsewhere.")
@click.argument("more", nargs=-1, type=FILE)
@click.option("--key", default="", help="The log's verifier key; else, that of this register.")
def verify_log(files: tuple[Path, ...], more: tuple[Path, ...], key: str) -> None:
    """Prove the log whole, against its checkpoints and the notes that its witnesses keep.

    MORE are further files of notes, as a shell makes of `--note *.checkpoints`.
    """
    settings = read_settings()
    log_key = read_key(key) if key else log_signer(Path(settings.instance_dir)).key
    kept, problems = notes_of_witnesses(settings.witness_folders)
    kept += [each for path in (*files, *more) for each in _notes_of(path)]
    with open_database(settings) as engine:
        with begin_work(engine, writes=False) as work:
            found = verify(work.session, log_key, kept)
            problems += [
                f"What was erased of {subject} can be read again, as after an older copy was "
                f"restored: run `register audit erase-subject '{subject}'`."
                for subject in undone_erasures(work.session)
            ]
        with begin_work(engine) as work:
            record(work, "log:verified", size=found.size)
    click.echo(
        f"The log is whole: {found.size} entries, {found.checkpoints} checkpoints, root "
        f"{found.root.hex()}; {len(kept)} notes kept elsewhere agree."
    )
    if problems:
        raise RegisterError(" ".join(problems))


def _notes_of(path: Path) -> list[Kept]:
    notes = [Kept(path.name, note) for note in find_notes(path.read_text("utf-8", "replace"))]
    if not notes:
        raise Refused(f"{path.name} holds no signed note of the log.")
    return notes


@audit.command("prove")
@click.argument("entry", type=click.IntRange(min=0))
def prove_entry(entry: int) -> None:
    """Prove that ENTRY stands in the log, to who has nothing else: see docs/log.md."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        record(work, "log:disclosed", f"entry {entry}")
        proof = proof_of_entry(work.session, entry)
    click.echo(proof, nl=False)


@audit.command("consistency")
@click.argument("old", type=click.IntRange(min=0))
@click.argument("new", type=click.IntRange(min=0))
def prove_growth(old: int, new: int) -> None:
    """Prove that the log's first OLD entries are unchanged in the checkpoint at NEW."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        proof = proof_of_growth(work.session, old, new)
    click.echo(proof, nl=False)


@audit.command("export")
@click.option("--words", is_flag=True, help="What is said in words too, in clear.")
@click.option("--recipient", default="", help="Who is given it, for the log.")
@click.option("--purpose", default="", help="What for, for the log.")
def export_log(*, words: bool, recipient: str, purpose: str) -> None:
    """Write every entry to standard output, a line of JSON each, for a verifier."""
    private = {"recipient": recipient, "purpose": purpose}
    with open_database() as engine:
        with begin_work(engine) as work:
            record(work, "log:disclosed", "whole log", private=private, words=int(words))
        # Only now, when the log holds that it was given out, does it leave.
        with begin_work(engine, writes=False) as work:
            for line in lines(work.session, end_of_log(work.session, lock=False).size, words=words):
                click.echo(line)


@audit.command("witness")
@click.argument("folder", type=FILE)
@click.option("--key", type=FILE, required=True, help="Where the witness keeps its own key.")
@click.option("--log-key", required=True, help="The log's: `register audit key` prints it.")
@click.option("--name", default="register/witness", show_default=True, help="The witness's.")
def witness(folder: Path, key: Path, log_key: str, name: str) -> None:
    """Cosign what was handed over to FOLDER, where it only adds to what was cosigned before."""
    signer = witness_signer(key, name)
    memory = key.with_name(f"{key.name}.memory")
    count = cosign(folder, signer, read_key(log_key), memory, utc_now())
    click.echo(f"{count} checkpoints cosigned by {signer.key.text()}")


@audit.command("erase-subject")
@click.argument("subject")
def erase_subject(subject: str) -> None:
    """Erase for good what the log says of SUBJECT in words, such as 'child C-000001-V'."""
    with open_database() as engine, begin_work(engine) as work:
        erase_words(work, subject)
    click.echo(f"What the log said of {subject} in words is erased; every entry still stands.")
