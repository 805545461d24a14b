"""Departments' spreadsheets in and out.

reading (bytes → sheets of text) → layout (where the table stands) → columns (what each column is) → values (what each
distinct cell says) → records (what each row is) → preview (what importing would do) → actions (do it, all or nothing).
The other way: writing (an element as the text of a cell) → exporting. Marking gives a workbook back with its cells marked.
"""
