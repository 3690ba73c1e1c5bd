"""What may be asked about production: one file a fact."""
