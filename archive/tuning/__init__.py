"""Tuning a topic: is the file right, what would a change gain and lose, how good is it, and why is an article in."""
