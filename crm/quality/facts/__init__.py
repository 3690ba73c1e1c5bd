"""What may be asked about quality: one file a fact."""
