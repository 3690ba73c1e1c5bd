"""The office: the admin's site, its pages and the first data."""
