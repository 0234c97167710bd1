"""TOML files that users write, decoded into declared tables: what is wrong is told with line, key and remedy."""
