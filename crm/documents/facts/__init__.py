"""Facts of the papers, one file each."""
