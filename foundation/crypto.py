"""Ciphers for personal data: SM4-GCM at rest, HMAC-SM3 blind index, masked by default.

Standards: GB/T 32907 (SM4), GB/T 32905 (SM3). A stored value reads ``version$base64(nonce + ciphertext + tag)``,
so that keys can be rotated while old values stay readable. Personal fields never become plain text by
accident: an attribute holds a :class:`Secret`, whose ``str()`` is masked.
"""

import base64
import os
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.keyring import key_ring

NONCE_BYTES = 12
TAG_BYTES = 16


class DecryptionError(Exception):
    """A stored value was altered, or its key is missing."""


def encrypt_bytes(plain: bytes, *, purpose: str) -> bytes:
    """SM4-GCM with a fresh nonce; ``purpose`` is authenticated, so a value cannot be moved to another kind."""
    ring = key_ring()
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(ring.data_keys[ring.current]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(purpose.encode())
    sealed = encryptor.update(plain) + encryptor.finalize()
    return ring.current.to_bytes(2, "big") + nonce + sealed + encryptor.tag


def decrypt_bytes(sealed: bytes, *, purpose: str) -> bytes:
    """Undo :func:`encrypt_bytes`.

    :raises DecryptionError: when the value was altered, belongs to another purpose, or its key is gone.
    """
    version = key_version_of(sealed)
    key = key_ring().data_keys.get(version)
    if key is None:
        raise DecryptionError(f"缺少第 {version} 版数据密钥，无法解密。")
    nonce, body, tag = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES : -TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(purpose.encode())
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag as error:
        raise DecryptionError("加密内容被改动过或与密钥不符，无法解密。") from error


def key_version_of(sealed: bytes) -> int:
    """Version of the data key that something is encrypted with."""
    return int.from_bytes(sealed[:2], "big")


def encrypt_text(plain: str, *, purpose: str) -> str:
    """Encrypt a text to the stored form ``version$base64``."""
    sealed = encrypt_bytes(plain.encode(), purpose=purpose)
    return f"{key_version_of(sealed)}${base64.b64encode(sealed[2:]).decode()}"


def decrypt_text(token: str, *, purpose: str) -> str:
    """Undo :func:`encrypt_text`."""
    version, _, body = token.partition("$")
    return decrypt_bytes(int(version).to_bytes(2, "big") + base64.b64decode(body), purpose=purpose).decode()


def blind_index(plain: str, *, purpose: str) -> str:
    """Keyed hash (HMAC-SM3) for exact look-up and uniqueness; the plain text cannot be read back."""
    if not plain:
        return ""
    mac = hmac.HMAC(key_ring().index_key, hashes.SM3())
    mac.update(f"{purpose}:{plain}".encode())
    return mac.finalize().hex()


def seal_hash(purpose: str) -> hmac.HMAC:
    """HMAC-SM3 for seals of the history, to be fed and finalized.

    The key is derived from the index key, which is never rotated, so that seals outlive every data key.
    """
    derived = hmac.HMAC(key_ring().index_key, hashes.SM3())
    derived.update(b"jixi history seal")
    mac = hmac.HMAC(derived.finalize(), hashes.SM3())
    mac.update(purpose.encode() + b"\0")
    return mac


def sm3() -> hashes.Hash:
    """SM3 (GB/T 32905), to be fed and finalized."""
    return hashes.Hash(hashes.SM3())


def sm3_hex(content: bytes) -> str:
    """SM3 digest in hex (GB/T 32905)."""
    digest = sm3()
    digest.update(content)
    return digest.finalize().hex()


def mask(plain: str, *, purpose: str) -> str:
    """What may be shown of a value: 3418****0012, 139****2207, ****1234 of accounts and permits; others not at all."""
    if not plain:
        return ""
    if purpose == "id_number":
        return f"{plain[:4]}****{plain[-4:]}"
    if purpose == "phone" and len(plain) >= 7:
        return f"{plain[:3]}****{plain[-4:]}"
    return f"****{plain[-4:]}" if purpose in ("account", "permit") and len(plain) > 4 else "****"


class Secret:
    """A personal value that prints masked; :meth:`reveal` gives it in full and is for recorded acts."""

    __slots__ = ("_plain", "_token", "purpose")

    def __init__(self, *, purpose: str, plain: str | None = None, token: str | None = None) -> None:
        self.purpose = purpose
        self._plain = plain
        self._token = token

    def reveal(self) -> str:
        """The value in full."""
        if self._plain is None:
            self._plain = decrypt_text(self._token, purpose=self.purpose) if self._token else ""
        return self._plain

    @property
    def token(self) -> str:
        """The stored form; kept as it was read, so that an unchanged value is not re-encrypted."""
        if self._token is None:
            self._token = encrypt_text(self._plain, purpose=self.purpose) if self._plain else ""
        return self._token

    def __str__(self) -> str:
        return mask(self.reveal(), purpose=self.purpose)

    def __repr__(self) -> str:
        return f"<Secret {self.purpose}>"

    def __bool__(self) -> bool:
        return bool(self._plain or self._token)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Secret):
            return self.reveal() == other.reveal()
        return self.reveal() == other if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.reveal())


class _SecretAttribute(DeferredAttribute):
    """Whatever is set on the attribute becomes a :class:`Secret`."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class EncryptedField(models.TextField):
    """A personal text, encrypted at rest and masked by default.

    :param purpose: ``id_number``, ``phone``, ``account`` or another kind; part of the cipher's authentication.
    """

    _pyi_private_set_type: str | Secret  # type: ignore[assignment]
    _pyi_private_get_type: Secret  # type: ignore[assignment]

    descriptor_class = _SecretAttribute

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def to_python(self, value: object) -> Secret:
        if isinstance(value, Secret):
            return value
        return Secret(purpose=self.purpose, plain="" if value is None else str(value))

    def from_db_value(self, value: str | None, *_: object) -> Secret:
        return Secret(purpose=self.purpose, token=value or "")

    def get_prep_value(self, value: object) -> str:
        return self.to_python(value).token

    def get_lookup(self, lookup_name: str) -> Any:
        # Ciphertexts differ at every writing, so comparing them would silently find nothing.
        if lookup_name == "exact":
            return super().get_lookup(lookup_name)
        return None

    def value_to_string(self, obj: models.Model) -> str:
        return self.to_python(self.value_from_object(obj)).token


class BlindIndexField(models.CharField):
    """The blind index of a sibling :class:`EncryptedField`, filled at every save.

    :param of: name of the encrypted field.
    :param tail: index only so many last characters (证号后四位); 0 for the whole value.
    """

    def __init__(self, *args: Any, of: str = "", tail: int = 0, **kwargs: Any) -> None:
        self.of = of
        self.tail = tail
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "tail": self.tail}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        secret: Secret = getattr(model_instance, self.of)
        plain = normal_form(secret.reveal())[-self.tail :]
        value = blind_index(plain, purpose=f"{secret.purpose}:tail" if self.tail else secret.purpose)
        setattr(model_instance, self.attname, value)
        return value


def normal_form(text: str) -> str:
    """One writing for equal values: full-width folded, spaces dropped, upper case (身份证号末位 X)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
