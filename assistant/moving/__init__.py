"""A person's profile, taken to another computer: gathered, packed, looked through, put in place.

    gathered -> packed -> (a file on a stick) -> unpacked -> arrive -> finish_arrival

A file from elsewhere is read in memory and under limits; what is not known to belong in a profile is refused. Putting
it in place is decided at one moment: before it nothing has changed, after it the next start finishes what was begun.
"""
