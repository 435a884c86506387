"""Comments: posting them, and reading everybody's, newest first."""
