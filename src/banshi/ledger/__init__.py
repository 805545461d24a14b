"""The append-only record of every act (可追溯、可核查), sealed in chained blocks."""

from banshi.ledger.recording import Act, Actor, System, name_of, record, record_many

__all__ = ["Act", "Actor", "System", "name_of", "record", "record_many"]
