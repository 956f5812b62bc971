"""Which side of a motion a text speaks for, as a model reads it: suggestions, never verdicts."""
