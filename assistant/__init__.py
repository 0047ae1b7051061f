"""Ask about ALS aloud, with one switch, or through a caregiver, and hear a short, honest, sourced answer."""

__version__ = "0.1.0"
