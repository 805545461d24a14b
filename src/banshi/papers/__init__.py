"""Official papers: numbered, sealed, signed, verifiable by anyone, revocable."""
