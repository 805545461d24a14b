"""Catalogues too large for one process: guides in files, workers, findings as Parquet; and the rules as expressions."""
