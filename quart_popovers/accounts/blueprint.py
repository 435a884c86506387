"""The blueprint that all pages of accounts belong to."""

from quart import Blueprint

blueprint = Blueprint("accounts", __name__)
