"""What a folder holds that must not go online: links, secrets, receipts, keys, unfinished merges.

What a secret looks like is the affair of the library detect-secrets; what belongs to a class is
known by the format that this course writes.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from pfp_course.errors import CourseError

__all__ = ["refuse", "unfit"]

# Hidden files that belong to a site, or that Sphinx writes beside the pages.
_HIDDEN = {".buildinfo", ".htaccess", ".nojekyll", ".well-known"}
_NAMES = re.compile(
    r"id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|ovpn)"
    r"|credentials(\..*)?|secrets?\.(json|ya?ml|toml|ini|txt)|.*\.(sqlite3?|db)",
    re.IGNORECASE,
)
# A class writes them: `pfp assign`, `pfp grade`, and the students' own records.
_CLASS = {
    "receipt": "a student's receipt",
    "key": "the key of an assignment",
    "progress": "a student's record",
    "grades": "grades",
}
_FORMAT = re.compile(r'"format"\s*:\s*"pfp-course/(?P<kind>receipt|key|progress|grades)"')
_CLASS_NAMES = re.compile(
    r"(?P<receipt>receipt-.*\.json)|(?P<key>.*\.key\.json)|(?P<progress>pfp-progress.*\.json)"
    r"|(?P<grades>gradebook.*\.csv)",
    re.IGNORECASE,
)
_MERGE = re.compile(r"^<{7} |(?:&lt;){7} ", re.MULTILINE)
_DETECTORS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "jwt": "JwtTokenDetector",
    "openai": "OpenAIDetector",
    "private_key": "PrivateKeyDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
}
# Pages and scripts of the book speak of records and receipts; they are none.
_SPEAKS = {".html", ".js", ".css"}
_ARCHIVES = {".zip", ".whl", ".epub"}
_LARGEST = 50_000_000  # bytes: a larger file is known by its name alone
_SHOWN = 20


def refuse(folder: Path) -> None:
    """Stop if a folder that is to be published holds what must not go online.

    Raises
    ------
    CourseError
        The message names each file, and says why it stays here.
    """
    found = []
    for name, why in unfit(folder):
        found.append(f"{name}: {why}")
        if len(found) > _SHOWN:
            found[-1] = "and more"
            break
    if found:
        listed = "\n  ".join(found)
        raise CourseError(
            f"Nothing was published: {folder} holds what must not go online.\n  {listed}\n"
            "Take it out of the folder, and publish again. A book that pfp build made anew holds "
            "none of this."
        )


def unfit(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of a folder that must not go online, with the reason; no link is followed."""
    for base, folders, names in os.walk(folder):
        here = Path(base)
        within = PurePosixPath(here.relative_to(folder).as_posix())
        for name in sorted([*folders, *names]):
            path, told = here / name, str(within / name)
            if why := _by_kind(path):
                yield told, why
            elif name in names:
                yield from _inside(told, path)
        # What is named already is not named once more for each file in it.
        folders[:] = sorted(name for name in folders if not _by_kind(here / name))


def _by_kind(path: Path) -> str:
    """Return why a file or folder is refused before it is opened, or an empty text."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"a link, which leads to {path.readlink()}. Put a copy of the file there instead."
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "no file and no folder."
    return _by_name(path.name)


def _by_name(name: str) -> str:
    if name.startswith(".") and name not in _HIDDEN:
        return "hidden, so it is not meant for readers."
    if found := _CLASS_NAMES.fullmatch(name):
        return f"by its name {_CLASS[str(found.lastgroup)]}."
    if _NAMES.fullmatch(name):
        return "by its name a key or a place for secrets."
    return ""


def _inside(told: str, path: Path) -> Iterator[tuple[str, str]]:
    if path.stat().st_size > _LARGEST:
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read ({error.strerror}). Give yourself the right to read it, or "
            "take it out of the folder."
        ) from None
    yield from _of_content(told, path.suffix.lower(), content)


def _of_content(told: str, suffix: str, content: bytes) -> Iterator[tuple[str, str]]:
    if suffix in _ARCHIVES:
        yield from _of_archive(told, content)
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    if suffix not in _SPEAKS and (found := _FORMAT.search(text)):
        yield told, f"{_CLASS[found['kind']]}."
    if found := _MERGE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{told}:{line}", "the mark of a merge that is not finished."
    for detector in _detectors():
        if secret := next(iter(detector.analyze_string(text)), ""):
            line = text.count("\n", 0, max(text.find(str(secret)), 0)) + 1
            yield f"{told}:{line}", f"what looks like a secret ({detector.secret_type})."


def _of_archive(told: str, content: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist():
                inner = PurePosixPath(info.filename)
                reasons = (_by_name(part) for part in inner.parts)
                if why := next(filter(None, reasons), ""):
                    yield f"{told}/{inner}", why
                elif info.file_size <= _LARGEST and inner.suffix.lower() not in _ARCHIVES:
                    yield from _of_content(
                        f"{told}/{inner}", inner.suffix.lower(), archive.read(info)
                    )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return  # no archive, or one with a password: it is known by its name alone


@cache
def _detectors() -> list[Any]:
    modules = ((name, f"detect_secrets.plugins.{module}") for module, name in _DETECTORS.items())
    return [getattr(import_module(module), name)() for name, module in modules]
