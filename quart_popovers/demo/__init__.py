"""The demo: believable people and comments, and the program behind `make run`."""
