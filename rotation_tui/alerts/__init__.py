"""Alerts: conditions on the board, told once each, to a screen or out of the terminal."""
