"""What checks and claims are computed from."""
