"""The program as a whole: composition root and pump."""
