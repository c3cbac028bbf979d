"""Workshops: sessions, their answers, and what a group worked out together."""
