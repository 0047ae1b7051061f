"""What Python raises for an archive that is damaged, locked, or packed in a way it does not know."""

import zipfile
import zlib

DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, OverflowError, EOFError, RuntimeError)
"""RuntimeError stands for a password, for a packing that is not implemented, and for names within names."""
