"""Text → vectors: the one place where sentence_transformers is known."""
