"""People and catalogues taken over from a workbook (issue E). Start at `take.py`."""
