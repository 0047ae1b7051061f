"""Someone reads aloud for a person who can answer with a yes: which line is next, and what is shown for it."""
