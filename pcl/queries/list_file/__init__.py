"""An existing list as people bring it: what its columns mean, and what each row would list."""
