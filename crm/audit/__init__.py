"""Whether what was done is still written as it was: seals over the rows that nobody may change."""
