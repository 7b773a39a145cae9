"""Which edition of regions and units this version ships: `data/*.csv`."""

SHIPPED = 2
"""Goes up by one with every change of these files; a store with a lower number takes them in when
it is opened.
"""
