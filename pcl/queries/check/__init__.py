"""Is this product listed under this code on this date of service? The contract stands in DESIGN, section 6."""
