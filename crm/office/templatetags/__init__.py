"""Filters for the office's templates."""
