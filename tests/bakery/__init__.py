"""The flows of another trade, and the proof that the engine runs them."""
