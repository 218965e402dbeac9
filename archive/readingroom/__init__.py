"""The reading room: the corpus in a browser, as a Datasette with one plugin of ours."""
