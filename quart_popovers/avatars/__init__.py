"""A picture for every person: drawn by this site, or their Gravatar, fetched by this site."""
