"""What may be logged, and which duty of section 62, Data Protection Act 2018, each entry meets.

A kind is `noun:verb` in the past. The register logs to the standard of Part 3 for everybody.
"""

from enum import StrEnum


class Operation(StrEnum):
    """The six operations of section 62(1), and what is logged besides them."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SECURITY = "security"
    """Who may act, and attempts to: no operation on a child's data."""
    UPKEEP = "upkeep"
    """What the register does to itself."""


_KINDS = {
    Operation.COLLECTION: "submission:received submission:refused report:received",
    Operation.ALTERATION: (
        "report:superseded report:withdrawn link:withdrawn child:parted child:sealed "
        "child:unsealed seal:grown seal:reviewed mismatch:opened mismatch:closed mismatch:settled "
        "mismatch:assigned review:assigned child:assigned inspection:sampled "
        "settlement:withdrawn note:added question:asked question:answered"
    ),
    Operation.CONSULTATION: (
        "child:viewed report:viewed episode:viewed mismatch:viewed review:viewed submission:viewed "
        "child:identified glass:broken seal:opened place:shown search:made list:viewed "
        "inspection:viewed log:viewed"
    ),
    Operation.DISCLOSURE: "export:disclosed change:delivered pack:disclosed",
    Operation.COMBINATION: "child:combined link:decided link:made review:decided",
    Operation.ERASURE: "report:erased child:erased submission:erased",
    Operation.SECURITY: (
        "user:added user:changed user:disabled user:enabled user:signed_in user:signed_out "
        "user:refused password:changed token:issued token:revoked client:added client:changed "
        "client:barred access:refused access:exceeded notice:seen inspection:opened "
        "inspection:closed"
    ),
    Operation.UPKEEP: (
        "register:rebuilt register:checked model:enacted rules:enacted feed:silent log:verified "
        "database:upgraded demonstration:made key:rotated"
    ),
}

OPERATIONS = {kind: operation for operation, kinds in _KINDS.items() for kind in kinds.split()}
"""Every kind of entry and its operation. A new kind is a word in the table above."""
