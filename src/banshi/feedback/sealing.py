"""Purposes of the keys that seal what feedback keeps of people."""

RATER, WORDS = "feedback.rater", "feedback.words"
REPORTER, CODE = "feedback.reporter", "feedback.query_code"
ACCOUNT, DEVICE = "feedback.reporter_account", "feedback.device"
"""Of blind indexes: the account of who complained, the browser a rating came from."""
