"""The few ways in which the register says no: each carries a sentence that a user can act on."""


class RegisterError(Exception):
    """Something a user must hear of; `str()` of it is the sentence shown."""


class NotFound(RegisterError):
    """There is no such thing, or none that this actor may see: the two look alike."""


class Forbidden(RegisterError):
    """The actor's role does not hold the permission that the verb needs."""


class Refused(RegisterError):
    """A whole file or request is refused; nothing of it was applied."""


class Exceeded(RegisterError):
    """The actor has had as much as one person may have; nothing more is given."""


class Unavailable(RegisterError):
    """The register cannot do its work now, such as write its log; nothing was shown or kept."""


class Conflict(RegisterError):
    """The act contradicts what is known now, for example an earlier judgement."""


class Invalid(RegisterError):
    """Values that cannot be accepted.

    `problems` maps the name of each field to one sentence.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {why}" for field, why in problems.items()))
        self.problems = problems
