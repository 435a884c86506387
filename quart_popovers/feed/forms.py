"""The form of a comment."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired

from ..web.forms import CharacterLimit, PageForm, normalise_text

POST_LIMIT = 140


class PostForm(PageForm):
    body = TextAreaField(
        "Say something",
        [DataRequired("Write something first."), CharacterLimit(POST_LIMIT)],
        [normalise_text],
        render_kw={"rows": 3, "dir": "auto", "data-character-limit": POST_LIMIT},
    )
