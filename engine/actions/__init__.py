"""The action kinds: one file a kind. An action is planned as data; `engine.run.perform` does it."""
