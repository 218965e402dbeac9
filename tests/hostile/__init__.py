"""A small hostile web on loopback: what a crawl promises is judged by the log of its servers and by the corpus."""
