"""How the office writes dates and numbers, by language."""
