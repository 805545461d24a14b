"""Uploads by the public: examined by content, scanned for viruses, photographs joined to one PDF."""
