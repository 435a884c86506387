"""Text as a person meant and counts it, and forms that limit the work on it."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, StringField, ValidationError

from quart_popovers.web.forms import (
    CharacterLimit,
    Length,
    PageForm,
    count_characters,
    normalise_text,
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("🇸🇪🇮🇳", 2),
        ("👍🏽", 1),
        ("e\u0301", 1),
        ("नमस्ते", 3),
        ("a\nb", 3),
        ("a\r\nb", 3),
        ("日本語", 3),
        ("🇸", 1),
        ("🇸🇪🇮", 2),
        ("🇸🇪\u0301a", 2),
    ],
)
def test_characters_are_counted_as_a_person_counts_them(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, ""),
        ("  a  ", "a"),
        ("\r\na\r\nb\rc\n", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\u00a0", "a"),
        ("a  b", "a  b"),
        ("a\n\nb", "a\n\nb"),
        ("a\r\n\r\n\r\nb", "a\n\nb"),
        ("a\n \n\t\n\n  b\n\n\nc", "a\n\n  b\n\nc"),
    ],
)
def test_text_is_kept_with_one_kind_of_line_end_composed_and_trimmed(
    text: str | None, kept: str
) -> None:
    assert normalise_text(text) == kept


@given(some.text(some.sampled_from("a\n\r\u0301\u200d\ufe0f👨❤🏽🇦🇸가\u1100\u1161क\u0600\u0903")))
def test_counting_in_linear_time_finds_the_same_characters(text: str) -> None:
    assert count_characters(text) == len(regex.findall(r"\X", text))


def note_length(_form: Form, field: Field) -> None:
    raise ValidationError(f"looked at {len(field.data)}")


class EchoForm(PageForm):
    """Its filters and validators tell what reaches them."""

    counted = StringField(validators=[CharacterLimit(5), note_length], filters=[normalise_text])
    measured = StringField(validators=[Length(max=5), note_length], filters=[normalise_text])
    unlimited = StringField(validators=[note_length], filters=[normalise_text])
    ticked = BooleanField()


@pytest.mark.parametrize(
    ("field", "text", "errors"),
    [
        ("counted", "x" * 5, ["looked at 5"]),
        ("counted", "x" * 6, ["At most 5 characters, please: this has 6."]),
        ("counted", " \n" * 999 + "x", ["looked at 1"]),
        ("counted", "x" * 51, ["This is far too long: at most 5 characters, please."]),
        ("counted", "x" + "\u0335" * 50, ["Too many combining marks. Please leave some out."]),
        ("counted", "x" + "\u0344" * 40, ["Too many combining marks. Please leave some out."]),
        ("measured", "x" * 6, ["Field cannot be longer than 5 characters."]),
        ("measured", "x" * 51, ["This is far too long: at most 5 characters, please."]),
        ("unlimited", "x" * 2540, ["looked at 2540"]),
        ("unlimited", "x" * 2541, ["This is far too long: at most 254 characters, please."]),
        ("ticked", "x" * 2541, ["This is far too long: at most 254 characters, please."]),
    ],
)
def test_only_text_of_a_sensible_length_is_looked_at(
    field: str, text: str, errors: list[str]
) -> None:
    form = EchoForm(MultiDict({field: text}))

    form.validate()

    assert form[field].errors == errors


@pytest.mark.parametrize("text", ["e\u0301 " + "x" * 60_000, " x\r\n" * 15_000])
def test_text_that_is_too_long_to_look_at_is_given_back_as_it_came(text: str) -> None:
    form = EchoForm(MultiDict({"counted": text}))

    assert form.counted.data == text


def test_a_second_value_that_is_too_long_refuses_the_field() -> None:
    form = EchoForm(MultiDict([("measured", "x"), ("measured", "x" * 51)]))

    assert not form.validate()
    assert form.measured.errors == ["This is far too long: at most 5 characters, please."]


def test_a_form_that_is_not_processed_gives_back_what_was_typed() -> None:
    form = EchoForm(MultiDict({"counted": " e\u0301 "}), meta={"is_processed": False})

    assert form.counted.data == " e\u0301 "
