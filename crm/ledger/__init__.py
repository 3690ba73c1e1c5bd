"""The books: lots, postings, balances, counters, histories. Knows no plant record."""
