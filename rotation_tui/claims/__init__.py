"""The claim audit: what the article said, recomputed at its date and now; one module a chapter."""
