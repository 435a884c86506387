"""The base of every form, and the rules for text that several forms share."""

import unicodedata
from typing import Any, Self

import regex
from quart import g, request
from quart.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests
from wtforms import Field, Form, StringField, ValidationError, validators
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from .csrf import SAFE_METHODS
from .pages import render_page
from .rate_limits import Limit, limit

# The largest emoji sequences in use have ten code points.
CODE_POINTS_PER_CHARACTER = 10
# For fields whose validators set no maximum: an email address, the longest of the others.
LONGEST_TEXT = 254
TOO_MANY_MARKS = "Too many combining marks. Please leave some out."

# Three or more line breaks, with nothing but spaces between them.
_BLANK_LINES = regex.compile(r"\n(?:[^\S\n]*+\n){2,}+")

# The Stream-Safe Text Format breaks rows of marks after 30 (UAX #15, section 13): the time to
# compose a row grows with the square of its length. U+034F is invisible and ends no character.
_ROW_OF_MARKS = regex.compile(r"(?V1)[\p{M}--\u034f]{30}(?=[\p{M}--\u034f])")

# Pairs of regional indicators come first: `\X` counts back to the first of a row at each of them.
_CHARACTER = regex.compile(r"\p{RI}{1,2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X")

# What passes by itself: the form keeps what was typed and says when to send it again.
RETRY_LATER = (TooManyRequests, ServiceUnavailable)


class PageForm(Form):
    """A form on a page, filled from the request.

    The work on one field is bounded, whatever was sent: only text of a sensible length reaches
    filters and validators. A form with a refused token or over its rate limit is not processed
    at all. In both cases the form shows again what was typed.
    """

    class Meta(DefaultMeta):
        is_processed = True

    refused_for_now: TooManyRequests | ServiceUnavailable | None = None

    @classmethod
    async def from_request(
        cls, prefilled: object = None, *, attempts: tuple[Limit, str] | None = None
    ) -> Self:
        """The form as it was sent, or with the values of `prefilled`.

        `attempts` is a limit and whom it counts: every form that is sent counts, also a wrong one.
        """
        if request.method in SAFE_METHODS:
            return cls(obj=prefilled)
        sent, problem = await request.form, g.csrf_problem
        too_many = None if problem else await _refuse_attempt(attempts)
        form = cls(sent, obj=prefilled, meta={"is_processed": not (problem or too_many)})
        if problem:
            form.refuse_whole(problem)
        if too_many:
            form.refuse_for_now(too_many)
        return form

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        if formdata is not None:
            for field in self:
                if not self.meta.is_processed or _is_far_too_long(field, formdata):
                    field.filters = ()
                    field.validators = (_refuse_length,)
        super().process(formdata, *args, **kwargs)

    def is_sent_and_valid(self) -> bool:
        return request.method not in SAFE_METHODS and not self.form_errors and self.validate()

    @property
    def values(self) -> dict[str, object]:
        """What was entered, by the names of the fields."""
        return {it.name: it.data for it in self}

    def refuse(self, field: Field, message: str) -> None:
        """Put a message beside a field."""
        field.errors = [*field.errors, message]

    def refuse_whole(self, message: str) -> None:
        """Put a message above the form."""
        self.form_errors.append(message)

    def refuse_for_now(self, error: TooManyRequests | ServiceUnavailable) -> None:
        """Put above the form when to try again; the page answers 429 or 503."""
        self.refuse_whole(error.description or "")
        self.refused_for_now = error


async def _refuse_attempt(attempts: tuple[Limit, str] | None) -> TooManyRequests | None:
    try:
        if attempts:
            await limit(*attempts)
    except TooManyRequests as too_many:
        return too_many
    return None


async def form_page(template: str, form: PageForm, **context: object) -> ResponseReturnValue:
    """The page with its form.

    400 for a refused token, 422 for wrong content, 429 over a limit, 503 when the site is busy.
    """
    page = await render_page(template, form=form, **context)
    if error := form.refused_for_now:
        return page, error.code, {"Retry-After": str(error.retry_after)}
    if not form.errors:
        return page
    return page, 400 if g.csrf_problem else 422


class Length(validators.Length):
    """WTForms' rule for the length, after which no other rule looks at the text."""

    def __call__(self, form: BaseForm, field: StringField) -> None:
        try:
            super().__call__(form, field)
        except ValidationError as error:
            raise StopValidation(*error.args) from error


class CharacterLimit:
    """A rule for the number of characters as a person counts them, and of marks on them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"characters": limit}

    def __call__(self, _form: Form, field: Field) -> None:
        length = count_characters(field.data)
        if length > self.limit:
            message = f"At most {self.limit} characters, please: this has {length}."
            raise StopValidation(message)
        if len(field.data) > self.limit * CODE_POINTS_PER_CHARACTER:  # composing can add some
            raise StopValidation(TOO_MANY_MARKS)


def largest_length(field: Field) -> int:
    """The characters that a field may have by its validators."""
    return int(field.flags.characters or field.flags.maxlength or LONGEST_TEXT)


def _is_far_too_long(field: Field, formdata: MultiDict[str, str]) -> bool:
    longest = largest_length(field) * CODE_POINTS_PER_CHARACTER
    return any(len(text.strip()) > longest for text in formdata.getlist(field.name))


def _refuse_length(_form: Form, field: Field) -> None:
    limit = largest_length(field)
    start = max(field.raw_data or [""], key=len).strip()[: limit * CODE_POINTS_PER_CHARACTER]
    if count_characters(start) <= limit:
        raise StopValidation(TOO_MANY_MARKS)
    raise StopValidation(f"This is far too long: at most {limit} characters, please.")


def strip(text: str | None) -> str | None:
    return text and text.strip()


def normalise_text(text: str | None) -> str:
    """Line ends as LF, at most one blank line in a row, composed letters (NFC), no blank edges."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    lines = _BLANK_LINES.sub("\n\n", lines)
    return unicodedata.normalize("NFC", _ROW_OF_MARKS.sub("\\g<0>\u034f", lines))


def count_characters(text: str) -> int:
    """Count as a person would: an emoji or an accented letter is one (UAX #29)."""
    return sum(1 for _ in _CHARACTER.finditer(text))
