"""The step kinds: one file a kind, which is its grammar and its meaning. Found by listing this
folder."""
