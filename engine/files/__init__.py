"""The Files port: a local folder or an S3 store, signed links, and what a file really is."""
