"""The servers that benchmarks/fanout.py compares, each a program of its own, and the news that they say."""
