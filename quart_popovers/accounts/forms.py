"""The shape of the account forms. Whether a name is taken is decided by the database."""

from collections.abc import Set

from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Regexp

from ..web.forms import CharacterLimit, Length, PageForm, normalise_text, strip
from .usernames import USERNAME_PATTERN

USERNAME_RULES = [
    DataRequired("Choose a username."),
    Length(1, 64, "A username has at most 64 characters."),
    Regexp(
        rf"{USERNAME_PATTERN}\Z",
        message="Use letters, digits, “_”, “.” and “-”, and start with a letter or digit.",
    ),
]
USERNAME_ATTRIBUTES = {
    "autocapitalize": "none",
    "spellcheck": "false",
    "autocomplete": "username",
}
ABOUT_ME_LIMIT = 140
LONGEST_PASSWORD = 128  # also of a wrong one: a longer text is never hashed
LONGEST_EMAIL = 254

USERNAME_TAKEN = "This username is taken. Please choose another one."
EMAIL_TAKEN = "There is already an account with this address."
WRONG_PASSWORD = "This is not your current password."


def password_length() -> Length:
    return Length(max=LONGEST_PASSWORD, message="A password has at most 128 characters.")


def new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        [
            InputRequired("Choose a password."),
            Length(8, LONGEST_PASSWORD, "A password has 8 to 128 characters."),
        ],
        description="At least 8 characters.",
        render_kw={"autocomplete": "new-password"},
    )


def confirm_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        [
            InputRequired("Enter the password once more."),
            password_length(),
            EqualTo("password", "The two passwords are not the same."),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def current_password_field() -> PasswordField:
    return PasswordField(
        "Current password",
        [InputRequired("Enter your current password."), password_length()],
        render_kw={"autocomplete": "current-password"},
    )


class NamingForm(PageForm):
    """A form with names that another account may have."""

    def refuse_taken(self, fields: Set[str]) -> None:
        if "username" in fields:
            self.refuse(self["username"], USERNAME_TAKEN)
        if "email" in fields:
            self.refuse(self["email"], EMAIL_TAKEN)


class ConfirmingForm(PageForm):
    """A form that asks a signed-in person for the password once more."""

    current_password = current_password_field()

    def refuse_current_password(self) -> None:
        self.refuse(self.current_password, WRONG_PASSWORD)


class RegisterForm(NamingForm):
    username = StringField(
        "Username",
        USERNAME_RULES,
        [strip],
        "Letters, digits, “_”, “.” and “-”.",
        render_kw=USERNAME_ATTRIBUTES,
    )
    email = EmailField(
        "Email",
        [
            DataRequired("Enter your email address."),
            Length(max=LONGEST_EMAIL, message="An email address has at most 254 characters."),
            Email("Enter an email address like name@example.com."),
        ],
        [strip],
        "Only you will see it.",
        render_kw={"autocomplete": "email"},
    )
    password = new_password_field("Password")
    confirm_password = confirm_password_field("Confirm password")


class SignInForm(PageForm):
    username = StringField(
        "Username or email",
        [
            DataRequired("Enter your username or email address."),
            Length(
                max=LONGEST_EMAIL, message="A username or email address has at most 254 characters."
            ),
        ],
        [strip],
        render_kw=USERNAME_ATTRIBUTES,
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), password_length()],
        render_kw={"autocomplete": "current-password"},
    )
    remember_me = BooleanField("Remember me for 30 days")


class EditProfileForm(NamingForm):
    username = StringField("Username", USERNAME_RULES, [strip], render_kw=USERNAME_ATTRIBUTES)
    about_me = TextAreaField(
        "About me",
        [CharacterLimit(ABOUT_ME_LIMIT)],
        [normalise_text],
        render_kw={"rows": 4, "dir": "auto", "data-character-limit": ABOUT_ME_LIMIT},
    )
    picture = SelectField(
        "Picture",
        choices={"gravatar": "Gravatar", "drawn": "Drawn"},
        description="For a Gravatar, this site sends a hash of your email address to gravatar.com.",
    )


class ChangePasswordForm(ConfirmingForm):
    password = new_password_field("New password")
    confirm_password = confirm_password_field("Confirm new password")


class DeleteAccountForm(ConfirmingForm):
    """Asks for the current password only."""
