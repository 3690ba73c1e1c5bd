"""The background jobs of this plant: one file a job, found by listing this folder.

Each module has `JOB`, a `Function`; its file's name is the name in YAML."""
