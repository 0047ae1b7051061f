"""The switch side: what is a press and what is tremor, how long a person needs, what to use when that is too much."""
