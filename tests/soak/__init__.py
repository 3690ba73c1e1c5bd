"""Eight processes that work on one PostgreSQL and are killed in the middle of it."""
