"""The service that talks to people."""
