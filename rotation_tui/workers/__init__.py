"""The only writers of the store: when to ask whom, what to admit, and what follows from it."""
