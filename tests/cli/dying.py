"""The program, telling how far it has come, so that it can be killed at any point of its work.

`python -m tests.cli.dying PIPE STATEMENT VARIANT COMMAND…`: at the numbered statement or commit a
byte goes down the pipe, at the end the number of them all. The variant `apart` commits what was
received before anything follows from it: the control, which must lose something. The variant
`full` lets no file grow past as many kilobytes as STATEMENT says.
"""

import os
import resource
import sys
from collections.abc import Sequence

from sqlalchemy import Engine, event

from register import pipeline
from register.cli.program import program
from register.reports.schema import Reading
from register.reports.service import receive
from register.work import Work


def submit_apart(work: Work, submission_id: int, readings: Sequence[Reading]) -> pipeline.Outcome:
    """Receive and fold in two transactions, as the register must not."""
    pipeline.take_turn(work)
    outcome = pipeline.Outcome(received=receive(work, submission_id, readings))
    work.session.commit()
    if outcome.received.changed:
        pipeline.follow(work, outcome.received.changed, outcome)
    return outcome


def main() -> None:
    """Run the command, watched."""
    pipe, moment, variant = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    done = 0

    def tick(*_about: object) -> None:
        nonlocal done
        done += 1
        if done == moment:
            os.write(pipe, b"\n")

    event.listen(Engine, "before_cursor_execute", tick)
    event.listen(Engine, "commit", tick)
    if variant == "apart":
        pipeline.submit = submit_apart
    if variant == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (moment * 1024, moment * 1024))
    try:
        program(sys.argv[4:], prog_name="register")
    finally:
        os.write(pipe, f"{done}\n".encode())


if __name__ == "__main__":
    main()
