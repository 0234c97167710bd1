"""The risk checklist: one module a group of checks, each a declarative list named CHECKS."""
