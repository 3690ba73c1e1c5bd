"""The English way of the plant."""
