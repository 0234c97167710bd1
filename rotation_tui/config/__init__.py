"""The config file: what may stand in it, read, checked and explained."""
