"""The market of the demo: simulated between a few published closes, from a seed."""
