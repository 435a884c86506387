"""How fast hovers and pages are answered, compared with stock Quart and Flask."""
