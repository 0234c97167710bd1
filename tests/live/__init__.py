"""The real sources, asked over the internet: one request each, and only where somebody asks for it."""
