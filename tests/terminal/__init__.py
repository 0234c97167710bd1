"""Tests that start a real program in a pseudo-terminal and read the screen as its user does."""
