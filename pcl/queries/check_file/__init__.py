"""A file of lines to check, as people bring it: its rows, what its columns mean, and what must not be kept of it."""
