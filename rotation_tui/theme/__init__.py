"""Themes: one TOML file each, turned into the colours of the panes and a Textual theme for everything else.

`palette` turns the name of a tone ("gain", "dim") into a Rich style; `load` finds, checks and reads the
files.
"""
