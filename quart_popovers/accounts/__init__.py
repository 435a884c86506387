"""Accounts: registration, sign-in, passwords, profile, sessions, export and deletion."""
