"""Papers: a layout that the office edits in a word processor, and values, make a file."""
