"""Documents in, passages out; a passage is always `text[start:end]` of its document."""
