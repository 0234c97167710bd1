"""Which panes stand where at which size; pure functions from a board to the rows of a whole screen."""
