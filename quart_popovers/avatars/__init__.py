"""A picture for every person: drawn here, or theirs from Gravatar."""
