"""Examining files where there is no platform: `banshi check`.

collect (files → items, each with its findings at their cells) → cross_file (all files together: circles, duplicates, burden)
→ terminal, html, workbook, json_report (the same report, four times told). Nothing here asks the database.
"""
