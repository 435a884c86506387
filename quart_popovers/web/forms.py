"""The base of every form, and the rules for text that several forms share."""

import unicodedata
from collections.abc import Callable
from typing import Self

import regex
from quart import g, render_template, request
from quart.typing import ResponseReturnValue
from wtforms import Field, Form, ValidationError

from .csrf import SAFE_METHODS


class PageForm(Form):
    """A form on a page, filled from the request; the CSRF guard's objection counts as its own."""

    @classmethod
    async def from_request(cls, prefilled: object = None) -> Self:
        sent = None if request.method in SAFE_METHODS else await request.form
        return cls(sent, obj=prefilled)

    def is_sent_and_valid(self) -> bool:
        if request.method in SAFE_METHODS:
            return False
        if g.csrf_problem:
            self.refuse_whole(g.csrf_problem)
            return False
        return self.validate()

    def refuse(self, field: Field, message: str) -> None:
        """Put a message beside a field."""
        field.errors = [*field.errors, message]

    def refuse_whole(self, message: str) -> None:
        """Put a message above the form."""
        self.form_errors.append(message)


async def form_page(template: str, form: PageForm, **context: object) -> ResponseReturnValue:
    """The page with its form: 422 when its content was refused, 400 when its token was."""
    page = await render_template(template, form=form, **context)
    if not form.errors:
        return page
    return page, 400 if g.csrf_problem else 422


def strip(text: str | None) -> str | None:
    return text and text.strip()


def normalise_text(text: str | None) -> str:
    """What a person meant to write: one kind of line end, composed letters, no blank edges."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def count_characters(text: str) -> int:
    """Count as a person would: an emoji or an accented letter is one (UAX #29)."""
    return len(regex.findall(r"\X", text))


def character_limit(limit: int) -> Callable[[Form, Field], None]:
    """A rule: at most so many characters as a person counts them, no heaps of combining marks."""

    def check(_form: Form, field: Field) -> None:
        length = count_characters(field.data)
        if length > limit:
            raise ValidationError(f"At most {limit} characters, please: this has {length}.")
        # The largest emoji sequences in use have ten code points.
        if len(field.data) > limit * 10:
            raise ValidationError("Too many combining marks. Please leave some out.")

    return check
