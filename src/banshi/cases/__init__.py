"""Cases (办件): from an application to its result, on a lawful clock.

`actions` writes, `queries` reads, `clocks` counts, `steps` reads the way of handling from the publication a case keeps.
"""
