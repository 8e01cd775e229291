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
    Operation.COLLECTION: """
        report:received
        submission:received
        submission:refused
        """,
    Operation.ALTERATION: """
        case:handed_over
        child:assigned
        child:sealed
        child:unsealed
        feed:fault
        feed:mended
        inspection:sampled
        link:withdrawn
        mismatch:closed
        mismatch:opened
        mismatch:settled
        question:answered
        question:asked
        seal:grown
        seal:reviewed
        settlement:withdrawn
        """,
    Operation.CONSULTATION: """
        child:identified
        child:shown
        child:viewed
        glass:broken
        inspection:viewed
        list:viewed
        log:viewed
        mismatch:viewed
        place:shown
        rejects:viewed
        report:viewed
        review:viewed
        seal:opened
        search:made
        """,
    Operation.DISCLOSURE: """
        change:delivered
        child:disclosed
        export:disclosed
        log:disclosed
        pack:disclosed
        """,
    Operation.COMBINATION: """
        child:combined
        link:decided
        """,
    Operation.ERASURE: """
        log:erased
        """,
    Operation.SECURITY: """
        access:exceeded
        access:refused
        client:added
        client:barred
        client:changed
        device:known
        factor:added
        factor:removed
        inspection:closed
        inspection:opened
        notice:seen
        password:changed
        token:issued
        token:revoked
        user:added
        user:attested
        user:changed
        user:confirmed
        user:disabled
        user:enabled
        user:recovered
        user:recovery_asked
        user:recovery_refused
        user:refused
        user:signed_in
        user:signed_out
        """,
    Operation.UPKEEP: """
        database:upgraded
        demonstration:made
        key:rotated
        log:verified
        model:enacted
        register:checked
        register:rebuilt
        """,
}

OPERATIONS = {kind: operation for operation, kinds in _KINDS.items() for kind in kinds.split()}
"""Every kind of entry and its operation. A new kind is a line in the table above."""
