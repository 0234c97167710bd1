"""The real program in a pseudo-terminal, its providers played by a local server."""
