"""The things that are produced and moved: now raw batches."""
