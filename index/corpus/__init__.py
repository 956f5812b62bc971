"""Documents in, passages out; a passage is always `text[start:end]` of the file as it stands."""
