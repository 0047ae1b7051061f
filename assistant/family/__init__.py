"""What a family adds: topics, ways to ask, people and their numbers, kept as a pack that is always loaded."""

from assistant.family.copies import Copies, Copy, FamilyTrouble
from assistant.family.model import Family, Own, Person, Ways

__all__ = ["Copies", "Copy", "Family", "FamilyTrouble", "Own", "Person", "Ways"]
