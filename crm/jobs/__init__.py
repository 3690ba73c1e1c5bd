"""Work in the background: rows, and the functions that do it."""
