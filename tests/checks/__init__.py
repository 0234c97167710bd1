"""Tests of the risk checklist."""
