"""Formats that are not plain text → text with offsets of its own, parsed in a process apart."""
