"""What must be sound before anything is published: notebooks, pages, site."""
