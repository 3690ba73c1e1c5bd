"""YAML text → nodes with places → schema objects or findings. The only door to ruamel."""
