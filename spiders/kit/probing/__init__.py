"""What a newspaper's own pages tell about it: the pure part of `hemeroteca outlet probe`."""
