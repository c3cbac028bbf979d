"""Workshops: sessions, answers and what comes of them."""
