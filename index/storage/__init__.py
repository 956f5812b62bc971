"""Vectors, words and records on disk, bound together by a manifest: a snapshot."""
