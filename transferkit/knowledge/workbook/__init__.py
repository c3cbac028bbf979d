"""Excel workbooks: forms that people fill in, what is read from them, and the sheets of official files.

Only `reading`, `writing` and `marking` know openpyxl. A form is described once (`form`), written from that
description (`writing`) and read by it (`filled`); `experience`, `fit`, `impact` and `applications` describe
one form each.
"""

from transferkit.knowledge.workbook.reading import Row, sheets

__all__ = ["Row", "sheets"]
