"""One file per newspaper: what it publishes, where it announces it, how its pages are read."""
