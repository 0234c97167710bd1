"""Tests of the claim audit."""
