"""Refuses what no browser sends, in one place, before anything else looks at it.

Broken UTF-8, NUL bytes, floods of fields: what one database accepts the other refuses, and what
one library replaces another fails on. Views and forms see valid text only.
"""

from functools import lru_cache
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)
from quart import Request, request
from quart.datastructures import FileStorage
from quart.formparser import FormDataParser
from quart.wrappers.request import Body
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from .plain_answers import answer_plainly

# The largest form has six.
MOST_FIELDS = 50
# The longest name that file systems accept; the longest path of this site is half of it.
LONGEST_PATH_BYTES = 255
# A name of 253 letters (RFC 1035), a colon and a port.
LONGEST_HOST_BYTES = 259

NOT_TEXT = "This request contains something that is not text."
TOO_MANY_FIELDS = "This request contains too many fields."
DAMAGED_COOKIE = (
    "Your browser has sent a damaged cookie. Please clear the cookies of this site, and try again."
)
NO_FILES = "This site does not accept files."
NOT_ROUTABLE = "This is not an address of this site."

Fields = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


class RefuseUnroutable:
    """Answers 400 to requests on which Quart fails before it has a request to make a page for."""

    def __init__(self, app: ASGIFramework) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "http" and not _is_routable(scope):
            await answer_plainly(scope, send, 400, NOT_ROUTABLE)
        else:
            await self._app(scope, receive, send)


def _is_routable(scope: HTTPScope) -> bool:
    return (
        (scope["path"].startswith("/") or _is_absolute(scope["path"]))
        and scope["query_string"].isascii()
        and all(name != b"host" or is_host(value) for name, value in scope["headers"])
    )


def _is_absolute(target: str) -> bool:
    """Whether this is the absolute form of a target, `http://host/path` (RFC 9112, section 3.2.2).

    Quart takes the path out of it. Of the other forms this site serves none.
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc != ""


@lru_cache(128)
def is_host(host: bytes) -> bool:
    """Whether the router can encode this for the Domain Name System, as it will."""
    if len(host) > LONGEST_HOST_BYTES:  # the time to encode grows with the length
        return False
    try:
        host.decode("latin1").partition(":")[0].encode("idna")
    except UnicodeError:
        return False
    return True


async def refuse_malformed_requests() -> None:
    """Before every request but hovers, which read only the name and the sign-in."""
    # Hypercorn replaces what is not UTF-8 with U+FFFD. No page has such an address.
    path = request.path
    if not path.isprintable() or "\ufffd" in path or len(path.encode()) > LONGEST_PATH_BYTES:
        raise NotFound()
    if request.query_string:
        _refuse_bad_query(request.query_string)
    for cookies in request.headers.getlist("Cookie"):
        if not cookies.isascii():
            _as_text(cookies.encode("latin1"), DAMAGED_COOKIE)


def _refuse_bad_query(query: bytes) -> None:
    if query.count(b"&") >= MOST_FIELDS:
        raise BadRequest(TOO_MANY_FIELDS)
    if "\0" in _as_text(unquote_to_bytes(query)):
        raise BadRequest(NOT_TEXT)


def _as_text(data: bytes, complaint: str = NOT_TEXT) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(complaint) from error


def read_fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form. Raises BadRequest unless all of it is text that a database accepts."""
    if body.count(b"&") >= MOST_FIELDS:
        raise BadRequest(TOO_MANY_FIELDS)
    try:
        fields = parse_qsl(_as_text(body), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest(NOT_TEXT) from error
    if any("\0" in part for field in fields for part in field):
        raise BadRequest(NOT_TEXT)
    return fields


async def _read_form(
    _parser: FormDataParser, body: Body, _type: str, _length: int | None, _options: dict[str, str]
) -> tuple[Fields, Files]:
    return MultiDict(read_fields(await body)), MultiDict()


async def _refuse_files(
    _parser: FormDataParser, _body: Body, _type: str, _length: int | None, _options: dict[str, str]
) -> tuple[Fields, Files]:
    raise UnsupportedMediaType(NO_FILES)


class WellFormedParser(FormDataParser):
    """Reads forms strictly; Quart's own parser treats a form that it cannot read as empty.

    Forms with files are refused: this site has none, and their parsers have a history of bugs.
    """

    parse_functions = {  # noqa: RUF012 (as in the base class)
        "application/x-www-form-urlencoded": _read_form,
        "multipart/form-data": _refuse_files,
    }


class WellFormedRequest(Request):
    form_data_parser_class = WellFormedParser
