"""All SQL about accounts: people and their credentials, sign-ins, and the export."""
