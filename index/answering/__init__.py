"""Question → sides → excerpts: what the advisor says."""
