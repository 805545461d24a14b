"""Transactional outbox: what leaves the house is written with its act and sent afterwards, by one loop for all channels."""
