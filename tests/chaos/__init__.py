"""What goes wrong between two processes: lines that are cut, slow, or say everything twice."""
