"""The steps of a build: read, embed, learn, suggest, write; each goes on where a kill left it."""
