"""The peer: the same popup written the usual way, as Flask tutorials teach it.

Flask-Login loads the viewer at each request, `before_request` stamps and commits last_seen,
Flask-SQLAlchemy loads the person, Jinja renders the card.
"""

import os
from datetime import UTC, datetime

from flask import Flask, render_template_string
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy

from .databases import SECRET_KEY

db = SQLAlchemy()

CARD = """<article class="card">
<header><img src="/avatars/{{ user.id }}.svg" alt="" width="48" height="48">
<a href="/user/{{ user.username }}">{{ user.username }}</a></header>
{% if user.about_me %}<p>{{ user.about_me }}</p>{% endif %}
<dl><div><dt>Comments</dt><dd>{{ user.post_count }}</dd></div>
<div><dt>Last seen</dt><dd>{{ user.last_seen }}</dd></div>
<div><dt>Member since</dt><dd>{{ user.created_at }}</dd></div></dl>
</article>"""


class Person(UserMixin, db.Model):  # type: ignore[misc, name-defined]  # untyped base classes
    __tablename__ = "users"

    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), unique=True)
    about_me = db.Column(db.Text)
    created_at = db.Column(db.DateTime)
    last_seen = db.Column(db.DateTime)
    post_count = db.Column(db.Integer)


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    db.init_app(app)
    logins = LoginManager(app)

    @logins.user_loader
    def load_viewer(user_id: str) -> Person | None:
        return db.session.get(Person, int(user_id))

    @app.before_request
    def stamp_viewer() -> None:
        if current_user.is_authenticated:
            current_user.last_seen = datetime.now(UTC).replace(tzinfo=None)
            db.session.commit()

    @app.get("/user/<username>/popup")
    @login_required
    def show(username: str) -> str:
        # By lower(username), since that is the index which this database has.
        wanted = db.func.lower(Person.username) == username.lower()
        user = db.first_or_404(db.select(Person).where(wanted))
        return render_template_string(CARD, user=user)

    return app


def sign_in_cookie() -> str:
    """The Cookie header of the first person's browser."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = SECRET_KEY
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer, "the key is there"
    return f"session={signer.dumps({'_user_id': '1', '_fresh': True})}"
