"""Names of folders beside the settings. Every start looks for one of them, so nothing else is loaded here."""

READY = "arriving"
"""A profile that is to be put in place."""
UNFINISHED = "arriving.part"
"""One that is still being copied, or what is left of one: of no use."""
KEPT = "before-import-"
"""How the names of the folders begin in which a profile is kept that another took the place of."""
