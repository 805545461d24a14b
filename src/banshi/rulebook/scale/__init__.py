"""Catalogues too large for one process: guides in files, workers or Spark, findings as Parquet."""
