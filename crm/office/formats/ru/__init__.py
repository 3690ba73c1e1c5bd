"""The Russian way of the plant."""
