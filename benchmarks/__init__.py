"""What the register promises about speed, measured side by side: `make bench`."""
