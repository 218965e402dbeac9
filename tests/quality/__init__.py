"""The gate on what the reader reads: scores by field on pages with truth, and floors that may not fall."""
