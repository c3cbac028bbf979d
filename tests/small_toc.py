"""The smallest table of contents there is: a site of one guide."""

SITE = '[site]\ntitle = "Klein"\nedition = "2026-11-22"\n'
GUIDE = """
[[guide]]
name = "town"
notebook = "town.ipynb"
title = "Leitfaden für {label}"
group = "Orte"
group_page = "index.html"
address = "orte/{value}.html"
parameters = { place = "themes.theme_id" }
"""
