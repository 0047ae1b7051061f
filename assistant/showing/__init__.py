"""What is seen: a page on this computer, for eyes, switches, pointers and screen readers."""
