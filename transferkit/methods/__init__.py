"""Methods: pure functions from tables to tables."""
