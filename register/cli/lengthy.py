"""What long work needs: to be left alone by the interpreter, and to show how far it has come."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

HANDING_OVER = 0.0002
"""Seconds after which a thread lets another go on."""


@contextmanager
def in_bulk() -> Iterator[None]:
    """Work through many rows without looking for rings of dead objects every few hundred.

    Rows leave none behind, and the looking takes a fifth of the time. Threads hand over sooner
    than they would: one that works on whole columns should not wait for one that reads names.
    """
    before, handing_over = gc.get_threshold(), sys.getswitchinterval()
    sys.setswitchinterval(HANDING_OVER)
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        sys.setswitchinterval(handing_over)
        gc.set_threshold(*before)
        gc.unfreeze()


def settle_in() -> None:
    """Look for rings of dead objects only among what comes from now on, and less often.

    What was loaded stays; to go through all of it would hold up a page for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@contextmanager
def progress(title: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work has come, on a terminal only; gives what to call after each part."""
    errors = sys.stderr
    if not errors.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=length, label=title, file=errors, show_pos=True) as bar:
        yield bar.update
