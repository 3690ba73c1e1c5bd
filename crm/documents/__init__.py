"""Issued documents."""
