"""Trees of digests (Merkle trees): one root for many entries, and the path from an entry to it, of a few digests."""

from collections.abc import Sequence

from banshi.core.crypto import digest

APART = "\x1f"
Path = list[tuple[str, str]]


def leaf_of(member: str) -> str:
    return digest(APART.join(["leaf", member]).encode())


def node_of(left: str, right: str) -> str:
    return digest(APART.join(["node", left, right]).encode())


def rows_of(members: Sequence[str]) -> list[list[str]]:
    """Compute the tree from its leaves up to its root, where one without a neighbour goes up as it is."""
    rows = [[leaf_of(each) for each in members]]
    while len(rows[-1]) > 1:
        pairs = (rows[-1][at : at + 2] for at in range(0, len(rows[-1]), 2))
        rows.append([node_of(*pair) if len(pair) == 2 else pair[0] for pair in pairs])
    return rows


def root_of(members: Sequence[str]) -> str:
    return rows_of(members)[-1][0]


def path_in(rows: Sequence[Sequence[str]], place: int) -> Path:
    """List the neighbours in a tree on the way from a leaf to the root, each with the side it stands on."""
    path: Path = []
    for row in rows[:-1]:
        other = place ^ 1
        if other < len(row):
            path.append(("left" if other < place else "right", row[other]))
        place //= 2
    return path
