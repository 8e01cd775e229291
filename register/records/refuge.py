"""Whether what is told of a place marks it as one where a child is kept safe from somebody. Pure.

Sources have no field for it: they write it where the placement stands. A word too many hides a
place from the other side for a while; one too few tells an abuser's friend where the child sleeps.
"""

import re
from collections.abc import Iterable

_MARKS = re.compile(
    r"\brefuges?\b|\bwomen'?s aid\b|\bsafe ?houses?\b|\bs(ection|\.)? ?51\b|\bsanctuary\b",
    re.IGNORECASE,
)


def marks_refuge(texts: Iterable[str]) -> bool:
    """Tell whether any of these texts, of places or kinds of placement, names a refuge."""
    return any(_MARKS.search(text.replace("_", " ")) for text in texts)
