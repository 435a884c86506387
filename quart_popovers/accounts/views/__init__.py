"""The pages of accounts, a module a subject; importing one adds its routes to the blueprint."""

from ..blueprint import blueprint
from . import export, leaving, overview, password, profile, registration, sessions, sign_in

__all__ = [
    "blueprint",
    "export",
    "leaving",
    "overview",
    "password",
    "profile",
    "registration",
    "sessions",
    "sign_in",
]
