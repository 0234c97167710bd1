"""Cells, tables, sparklines and the widget that shows rows of them; knows nothing of finance."""
