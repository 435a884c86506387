"""Everything the site holds about a person, as JSON."""

import json
from dataclasses import asdict
from datetime import datetime

from .browsers import name_browser
from .queries.everything import Everything

# Internal: a key, and a hash of the email address.
NOT_EXPORTED = {"id", "email_hash"}


def as_json(everything: Everything) -> str:
    """Indented and unescaped, for people to read and for other sites to import."""
    person = asdict(everything.person)
    content = {
        **{name: value for name, value in person.items() if name not in NOT_EXPORTED},
        "comments": [
            {"said_at": comment.timestamp, "text": comment.body} for comment in everything.comments
        ],
        "sessions": [
            {
                "browser": name_browser(sign_in.user_agent),
                "user_agent": sign_in.user_agent,
                "first_seen": sign_in.created_at,
                "last_seen": sign_in.last_seen,
            }
            for sign_in in everything.sign_ins
        ],
    }
    return json.dumps(content, default=datetime.isoformat, ensure_ascii=False, indent=2) + "\n"
