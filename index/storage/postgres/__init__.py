"""Generations of an index in PostgreSQL with pgvector, shared by several machines."""
