"""Crawls that are killed, starved and cut off, and the proof that nothing was lost."""
