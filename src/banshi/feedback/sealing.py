"""Purposes of the keys that seal what feedback keeps of people."""

RATER, WORDS = "feedback.rater", "feedback.words"
REPORTER, CODE = "feedback.reporter", "feedback.query_code"
