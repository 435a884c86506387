"""Registering, signing in and out, passwords, and editing one's profile."""
