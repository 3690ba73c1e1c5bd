"""The whole product over real HTTP: processes, phones, office, a browser."""
