"""一件事 (bundles): several items that one event of life asks for, filled in once, handled side by side.

`definition` reads what officials wrote, `merging` asks shared things once, `actions` writes, `queries` reads.
"""
