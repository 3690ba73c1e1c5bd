"""The YAML files as classes. A class and its docstring are the manual."""
