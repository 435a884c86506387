"""All that the site has of a person, as JSON to take along."""

import json
from datetime import datetime

from .browsers import name_browser
from .queries import Everything


def as_json(everything: Everything) -> str:
    """For a person to read and for another site to import: indented, in the person's script."""
    content = {
        "username": everything.username,
        "email": everything.email,
        "about_me": everything.about_me,
        "member_since": everything.created_at,
        "last_seen": everything.last_seen,
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
