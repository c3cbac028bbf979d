"""Whether German text is easy to read: sentences, passive voice, noun style, abbreviations."""
