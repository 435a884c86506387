"""The peer: the feed and the popup written the usual way, as Flask tutorials teach it.

Flask-Login loads the viewer at each request, `before_request` stamps and commits last_seen,
Flask-SQLAlchemy loads comments and people, counts all comments for the pager, and Flask-WTF
makes the form. `STAMP_AND_COUNT=no` leaves out the stamp and the count.
"""

import os
from datetime import UTC, datetime
from hashlib import md5

from flask import Flask, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from wtforms import SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

POSTS_PER_PAGE = 10

db = SQLAlchemy()


class Person(UserMixin, db.Model):  # type: ignore[misc, name-defined]  # untyped base classes
    __tablename__ = "users"

    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), unique=True)
    email = db.Column(db.String(254), unique=True)
    about_me = db.Column(db.Text)
    created_at = db.Column(db.DateTime)
    last_seen = db.Column(db.DateTime)
    post_count = db.Column(db.Integer)

    def avatar(self, size: int) -> str:
        digest = md5(str(self.email).encode()).hexdigest()
        return f"https://www.gravatar.com/avatar/{digest}?d=identicon&s={size}"


class Comment(db.Model):  # type: ignore[misc, name-defined]  # untyped base class
    __tablename__ = "posts"

    id = db.Column(db.Integer, primary_key=True)
    body = db.Column(db.Text)
    timestamp = db.Column(db.DateTime)
    user_id = db.Column(db.ForeignKey("users.id"))
    author = db.relationship(Person)


class CommentForm(FlaskForm):
    body = TextAreaField("Say something", [DataRequired(), Length(1, 140)])
    submit = SubmitField("Post")


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    stamp_and_count = os.environ["STAMP_AND_COUNT"] == "yes"
    db.init_app(app)
    logins = LoginManager(app)

    @logins.user_loader
    def load_viewer(user_id: str) -> Person | None:
        return db.session.get(Person, int(user_id))

    @app.before_request
    def stamp_viewer() -> None:
        if stamp_and_count and current_user.is_authenticated:
            current_user.last_seen = datetime.now(UTC).replace(tzinfo=None)
            db.session.commit()

    @app.get("/")
    @login_required
    def feed() -> str:
        # By id, since a feed by timestamp would need an index that this database lacks.
        comments = db.paginate(
            db.select(Comment).order_by(Comment.id.desc()),
            page=request.args.get("page", 1, type=int),
            per_page=POSTS_PER_PAGE,
            count=stamp_and_count,
        )
        return render_template("feed.html", form=CommentForm(), comments=comments)

    @app.get("/user/<username>")
    def profile(username: str) -> str:
        return username  # only linked to

    @app.get("/user/<username>/popup")
    @login_required
    def popup(username: str) -> str:
        # By lower(username), since that is the index which this database has.
        wanted = db.func.lower(Person.username) == username.lower()
        user = db.first_or_404(db.select(Person).where(wanted))
        return render_template("_card.html", user=user)

    return app
