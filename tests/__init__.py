"""Tests of hemeroteca."""
