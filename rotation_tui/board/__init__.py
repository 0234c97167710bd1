"""The board: the one value that both the panes and the JSON contract show, made from a snapshot of the store."""
