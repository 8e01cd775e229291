"""The model in force, for people: who decided on it and why, and what each level weighs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from register.access.policy import Permission, needs
from register.linkage.enactments import enactments, model_for
from register.linkage.levels import Level
from register.linkage.match import ELSEWHERE, Bits, Model
from register.linkage.readings import NAMES_SWAPPED, reading_of
from register.work import Work


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on the model in force."""

    version: str
    digest: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Weighed:
    """One level of one kind of evidence, in words, and what it weighs."""

    evidence: str
    words: str
    bits: Bits


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The model in force, the decisions that put models there, the latest first, the weights."""

    model: Model
    decisions: tuple[Decided, ...]
    weights: tuple[Weighed, ...]


@needs(Permission.REVIEW_READ)
def model_page(work: Work) -> ModelPage:
    """Give the model in force."""
    model = model_for(work)
    return ModelPage(
        model,
        tuple(
            Decided(each.version, each.digest, each.reason, each.actor, each.at)
            for each in enactments(work)
        ),
        (
            Weighed("before anything is compared", "", model.priors),
            *_weights(model),
        ),
    )


def _weights(model: Model) -> Iterator[Weighed]:
    for evidence, levels in model.weights.items():
        for level, weight in levels.items():
            yield Weighed(evidence, _words(evidence, level), weight.bits)


def _words(evidence: str, level: str) -> str:
    if level == ELSEWHERE:
        return "in another part of the country, though name and birthday are the same"
    if evidence == "forename" and level == Level.SWAPPED:
        return NAMES_SWAPPED.words
    return reading_of(evidence, Level(level)).words
