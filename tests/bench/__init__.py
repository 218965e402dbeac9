"""`make bench`: what the crawl, the rebuild and the walk cost, side by side from one run. No test: nothing is asserted.

It runs on Linux, since it asks the kernel what each process used.
"""
