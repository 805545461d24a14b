"""Purposes of the keys that seal what feedback keeps of people."""

RATER, WORDS = "feedback.rater", "feedback.words"
