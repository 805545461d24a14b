"""Examining files where there is no platform: `banshi check`.

gather (files → items, each with its findings at their cells) → many (all files together: circles, duplicates, burden) →
terminal, html, workbook, machine (the same report, four times told). Nothing here asks the database.
"""
