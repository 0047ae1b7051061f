"""From text to sound in the room: pronunciation, voices, and a player that falls silent at once."""
