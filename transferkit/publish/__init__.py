"""From notebook and parameters to published pages."""
