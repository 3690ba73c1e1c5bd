"""What YAML may ask about tasks and requests for help: one file a fact."""
