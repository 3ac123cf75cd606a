"""What the demonstration register shows: made-up companies, and their applications at every stage."""
