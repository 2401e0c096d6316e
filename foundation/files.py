"""Files that people hand in: checked by content, stored encrypted outside the static tree."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from foundation.active_pdf import acts
from foundation.crypto import decrypt_bytes, encrypt_bytes, key_version_of

_PURPOSE = "file"
CONTENT_TYPES = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png"}
_BROKEN_PDF = (PyPdfError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What pypdf raises on bytes that only pretend to be a PDF."""
LONGEST_SIDE = 4096
"""Pixels; an A4 page of 300 dpi has 3508."""
_JPEG_QUALITY = 90
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@deconstructible
class EncryptedStorage(FileSystemStorage):
    """Private storage under ``settings.PRIVATE_ROOT``; every file is SM4-GCM encrypted, none has a URL."""

    def __init__(self) -> None:
        super().__init__(location=settings.PRIVATE_ROOT, base_url=None, file_permissions_mode=0o600)

    def _save(self, name: str, content: File[Any]) -> str:
        """Whole or not at all: a full disk or a killed process leaves no file that is cut short."""
        content.seek(0)
        sealed = ContentFile(encrypt_bytes(content.read(), purpose=_PURPOSE))
        unfinished = f"{name}.{uuid.uuid4().hex[:8]}"
        try:
            super()._save(unfinished, sealed)  # type: ignore[misc]
            os.replace(self.path(unfinished), self.path(name))
        except BaseException:
            self.delete(unfinished)
            raise
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with super()._open(name, "rb") as sealed:  # type: ignore[misc]
            return ContentFile(decrypt_bytes(sealed.read(), purpose=_PURPOSE), name=name)

    def key_version(self, name: str) -> int:
        """Version of the data key that a file is encrypted with."""
        with open(self.path(name), "rb") as sealed:
            return key_version_of(sealed.read(2))

    def encrypt_anew(self, name: str) -> None:
        """Encrypt a file with the current data key, under its name; a killed process leaves it as it was.

        :raises DecryptionError: it cannot be read with any key of the file.
        """
        path = Path(self.path(name))
        sealed = encrypt_bytes(decrypt_bytes(path.read_bytes(), purpose=_PURPOSE), purpose=_PURPOSE)
        owner, unfinished = path.stat(), path.with_name(f"{path.name}.rotating")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:  # whoever rotates, the application must be able to read it
            os.chown(unfinished, owner.st_uid, owner.st_gid)
        unfinished.replace(path)

    def names(self) -> Iterator[str]:
        """Every file that is stored, also those that no row names (any more)."""
        root = Path(self.location)
        return (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def private_path(instance: object, filename: str) -> str:
    """A name that tells nothing: ``<model>/<two letters>/<random>``; the original name stays in the row."""
    token = uuid.uuid4().hex
    return os.path.join(type(instance).__name__.lower(), token[:2], token)


def check_upload(upload: File[Any]) -> str:
    """Judge an upload by its content, not by its name.

    :returns: the content type.
    :raises ValidationError: too large, empty, neither PDF, JPEG nor PNG, or a PDF that does things.
    """
    return clean_upload(upload)[0]


def check_picture(upload: File[Any]) -> str:
    """Judge an upload of which only a picture is of use, such as a photo of the scene.

    :returns: the content type.
    :raises ValidationError: as :func:`check_upload`, or a PDF.
    """
    content_type = check_upload(upload)
    if content_type == CONTENT_TYPES["PDF"]:
        raise ValidationError("这里要照片：请拍照，或者选 JPG、PNG 图片；PDF 不能当作现场照片。")
    return content_type


def clean_upload(upload: File[Any]) -> tuple[str, File[Any]]:
    """Judge an upload, and give what is kept of it: a picture drawn anew upright, without what its file says beside.

    :returns: the content type, and the file.
    :raises ValidationError: too large, empty, neither PDF, JPEG nor PNG, or a PDF that does things.
    """
    limit = settings.UPLOAD_LIMIT_BYTES
    if upload.size > limit:
        raise ValidationError(
            f"文件有 {upload.size / 1048576:.1f} MB，超过 {limit // 1048576} MB 的上限，请压缩或分开上传。"
        )
    if not upload.size:
        raise ValidationError("文件是空的，请重新选择。")
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        return CONTENT_TYPES["PDF"], ContentFile(content, name=upload.name)
    kind, picture = _drawn_anew(content)
    return CONTENT_TYPES[kind], ContentFile(picture, name=upload.name)


def check_pdf(content: bytes) -> None:
    """
    :raises ValidationError: a locked, broken or empty PDF could never be put on file, an active one does things.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise ValidationError("这个 PDF 设有密码，打不开。请去掉密码后再上传。")
        readable = bool([page.get_contents() for page in reader.pages])
        active = readable and acts(reader.trailer)
    except _BROKEN_PDF as error:
        raise ValidationError("这个 PDF 打不开，可能已经损坏。请重新扫描或另存后再上传。") from error
    if not readable:
        raise ValidationError("这个 PDF 没有内容页，请重新扫描后再上传。")
    if active:
        raise ValidationError(
            "这个 PDF 里带有脚本、自动打开的程序或夹带的文件，不能上传。请打印后重新扫描，或“打印到 PDF”另存后再上传。"
        )


def _drawn_anew(content: bytes) -> tuple[str, bytes]:
    try:
        with _whole_images_only(), Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            # verify() reads a JPEG's header only; decoding it whole finds a file that was cut short.
            image.load()
            return image.format or "", _encoded(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError) as error:
        raise ValidationError("只收 PDF、JPG、PNG 文件；这个文件的内容不是其中任何一种。") from error


def _encoded(image: Image.Image) -> bytes:
    """Pixels alone: no place, camera, comment or thumbnail (EXIF, GPS) goes along; turned as the camera was held."""
    kind = image.format
    upright = ImageOps.exif_transpose(image)
    upright.info = {name: upright.info[name] for name in ("transparency",) if name in upright.info}
    if max(upright.size) > LONGEST_SIDE:
        upright = upright.convert("RGBA" if upright.mode in ("P", "PA", "LA", "RGBA") else "RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if kind == "JPEG" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    output = io.BytesIO()
    upright.save(output, kind, **({"quality": _JPEG_QUALITY} if kind == "JPEG" else {}))
    return output.getvalue()


@contextmanager
def _whole_images_only() -> Iterator[None]:
    """WeasyPrint, once loaded, makes Pillow fill up pictures that were cut short; an upload must be whole."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
