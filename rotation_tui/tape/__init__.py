"""A session kept in a file as it entered the store, and told again."""
