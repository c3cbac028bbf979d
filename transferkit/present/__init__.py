"""What a notebook cell shows: German numbers, charts, tables, cards, sources."""
