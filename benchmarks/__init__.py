"""How fast hovers are answered, beside what the framework and the usual way can do."""
