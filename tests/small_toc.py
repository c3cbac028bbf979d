"""The smallest tables of contents there are: a site of one guide, or of one app."""

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
# No guide, but an app.
APP = """
guide = []

[site]
title = "transferkit"
edition = "2026-11-22"

[[app]]
name = "wire"
notebook = "app_wire.ipynb"
title = "Ein Draht"
text = "Zeigt, wie es schnell geht."
"""
