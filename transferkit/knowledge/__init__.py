"""The data package and the official register: load, check, cite, import."""
