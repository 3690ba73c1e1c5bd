"""The engine's ports on Django, one file a port.

The only part of `crm` that knows the whole engine."""
