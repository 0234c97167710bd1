"""The in-memory state that every worker shares, and what of it is kept on disk."""
