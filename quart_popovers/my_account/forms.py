"""The shape of the forms of one's own account."""

from wtforms import PasswordField, SubmitField
from wtforms.validators import InputRequired

from ..accounts.forms import confirm_password_field, new_password_field
from ..web.forms import PageForm


def present_password_field() -> PasswordField:
    return PasswordField(
        "Present password",
        [InputRequired("Enter your present password.")],
        render_kw={"maxlength": 128, "autocomplete": "current-password"},
    )


class ChangePasswordForm(PageForm):
    present_password = present_password_field()
    password = new_password_field("New password")
    confirm_password = confirm_password_field("Confirm new password")
    submit = SubmitField("Change password")


class DeleteAccountForm(PageForm):
    present_password = present_password_field()
    submit = SubmitField("Delete my account")
