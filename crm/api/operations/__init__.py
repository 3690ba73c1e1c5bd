"""The only writers of the API's tokens."""
