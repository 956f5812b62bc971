"""Motions, their sides, and the spans that people have put on a side."""
