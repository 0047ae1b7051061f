"""What askaloud learns of its speaker: words they were heard as, and how they sound. One person's never another's."""
