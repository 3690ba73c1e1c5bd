"""The plant: rows, operations and the office. Knows Django; the engine does not know it."""
