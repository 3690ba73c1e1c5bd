"""What can be proved about a project before it runs: one file a rule, each with examples that the
tests run."""
