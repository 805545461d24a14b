"""Messages of a time-stamping authority: RFC 3161 §2.4 over HTTP (§3.4), read and written by pyHanko."""

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 64 * 1024
"""Bytes of an answer: a token with its chain of certificates takes some five thousand."""
