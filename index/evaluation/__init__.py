"""Measures answers against questions whose good passages a person has written down."""
