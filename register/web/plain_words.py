"""The words of the trade as the pages use them, each in plain words for whoever meets it first."""

from collections.abc import Mapping
from types import MappingProxyType

GROUPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "A child and a going missing": {
            "Missing": "Nobody knows where the child is.",
            "Away": (
                "Away from placement without authorisation: it is known where the child is, but "
                "the child should not be there."
            ),
            "Located": "It is known where the child is, but the child is not back.",
            "Missing episode": "One going missing, from when the child left until they were back.",
            "Register number": (
                "C-000001-V is a child, E-000001-A one missing episode. The last character checks "
                "the others: a slip is noticed."
            ),
            "Looked after": "In the care of a local authority (Children Act 1989).",
            "Responsible authority": "The authority that looks after the child.",
            "Host authority": "The authority in whose area a child of another is placed.",
            "Unaccompanied child": "In the country without a parent or carer, seeking asylum.",
            "Risk": (
                "How police grade it: high, medium, low, or no apparent risk. Each grading is kept "
                "with when it was made, and by whom."
            ),
        },
        "What must be done, and by when": {
            "Duty clock": "The time that guidance gives for a duty, such as 72 hours from return.",
            "Response clock": "The time an organisation has to answer a mismatch.",
            "Police National Computer (PNC)": "A child missing is entered within 48 hours.",
            "UK Missing Persons Unit (UKMPU)": "Is told of whoever is missing for over 72 hours.",
            "Prevention interview": "Police see a child who is back, and that they are well.",
            "Return interview": (
                "An independent person talks with a child who is back. It is offered every time, "
                "to be held within 72 hours of the return."
            ),
            "Out of hours": "The number to ring when the day team is not there.",
        },
        "What the two sides say": {
            "Report": "What one organisation says of one child's going missing.",
            "Record": "All reports of one child together, each value with who says it.",
            "Mismatch": (
                "The accounts of police and authority differ, or one of them is not there. Both "
                "values are shown; the register never chooses in silence."
            ),
            "Severity": "How grave a mismatch is: critical, high, medium, low, or to know only.",
            "Settled": "Somebody gave a reason why the two differ. It can be taken back.",
            "Disputed": "Each side holds that its own value is right.",
            "Not compared": "One side's silence told nothing: neither agreement nor mismatch.",
            "Review": "Two reports that may be about one child: a person judges.",
            "Feed": "The reports that an organisation's own system sends, each day or more often.",
            "Case": "Police work on one missing episode. One force has it, and may hand it over.",
        },
        "Who sees what": {
            "Quick check": "Asks all organisations' records whether a child is known, and missing.",
            "I must see more": "Opens a child's page for an hour; privacy officers are told.",
            "Seal": "Hides a child's record from all but the people who are named.",
            "Protected place": "An address that only the organisation that recorded it reads.",
            "The log": "Keeps who looked at which child and what was changed. Nobody alters it.",
        },
        "Inspecting": {
            "As known at": "The register as it was at a time: what came in later is left out.",
            "Sample": "Children drawn by a seed, so that anybody can draw the same again.",
            "Chronology": "All that was told and decided of a child, in order of time.",
            "SSDA903": "The yearly statutory return on looked-after children.",
            "Annex A list 8": "The list of children in care that an authority gives to Ofsted.",
            "Evidence pack": "Figures, a sample and chronologies in files that others can verify.",
        },
    }
)
"""Each group of words, and what each word means."""
