"""Security keys (WebAuthn): what one is asked to sign, and whether what it answers holds.

A key answers for one site only, so what is typed into a copy of the register's pages is of no use
on its own. Nothing here reads the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME = "Register of missing children"
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
]
"""What a security key may sign with; RSA with its old padding is not taken."""
LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """Where the register is, as browsers name it: `https://register.example`."""

    origin: str

    @property
    def host(self) -> str:
        """The name that keys are bound to."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just set up: its own name for itself, its public key, its count."""

    credential: str
    public_key: bytes
    count: int


def asked_to_join(
    site: Site, username: str, handle: bytes, challenge: bytes, held: Iterable[str]
) -> str:
    """Write what a browser asks of a new key; keys already `held` are left out."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=handle,
        user_name=username,
        challenge=challenge,
        exclude_credentials=_described(held),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options)


def asked_to_sign(site: Site, challenge: bytes, held: Iterable[str]) -> str:
    """Write what a browser asks of one of the keys `held`."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_described(held),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def joined(site: Site, challenge: bytes, answer: str) -> NewKey | None:
    """Read what a new key answered; None where it does not hold."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception:  # noqa: BLE001  # however a stranger's answer fails, it opens nothing
        return None
    credential = bytes_to_base64url(found.credential_id)
    return NewKey(credential, found.credential_public_key, found.sign_count)


def credential_in(answer: str) -> str:
    """Give which key an answer says that it is of; blank for what is no answer of a key."""
    if len(answer) > LONGEST_ANSWER:
        return ""
    try:
        return parse_authentication_credential_json(answer).id
    except Exception:  # noqa: BLE001  # however a stranger's answer fails, it opens nothing
        return ""


def signed(site: Site, challenge: bytes, answer: str, public_key: bytes, count: int) -> int | None:
    """Give a key's new count if its answer holds; None where it does not.

    A key that counts must have counted on: an equal or lower count is that of a copy.
    """
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
        )
    except Exception:  # noqa: BLE001  # however a stranger's answer fails, it opens nothing
        return None
    return found.new_sign_count


def _described(held: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(name)) for name in held]
