"""The pages of the office, one file a subject. Found by listing this folder."""
