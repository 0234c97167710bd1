"""The program as a whole: composition root, pump, screen driver and terminal care."""
