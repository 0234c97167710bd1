"""Panes: pure functions from a board to rows; one pane a file, each exporting PANE."""
