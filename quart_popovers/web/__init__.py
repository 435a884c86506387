"""What every page shares: forms and CSRF, errors, headers, logging, paging, static files."""
