"""The log of failed sign-ins, for operators and for programs such as fail2ban."""

import hmac
import logging
from typing import Literal

from quart import current_app, request

log = logging.getLogger("quart_popovers.sign_ins")

Reason = Literal["wrong-password", "unknown-name", "too-many-tries"]


def log_failed_sign_in(name: str, reason: Reason) -> None:
    """One line. The account is a keyed hash of the name: people type passwords there.

    docs/deployment.md shows the line, and a pattern for it.
    """
    key, typed = str(current_app.secret_key).encode(), name.encode()
    account = hmac.digest(key, b"failed sign-in\0" + typed, "sha256").hex()[:16]
    log.warning("failed account=%s address=%s reason=%s", account, request.remote_addr, reason)
