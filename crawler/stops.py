"""The signals that ask a command to stop: Ctrl-C, a service manager, a terminal that closes."""

import signal

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
