"""Departments' spreadsheets in and out.

workbook_reader (bytes → sheets of text) → table_detection (where the table stands) → column_mapping (what each column is) →
cell_parsers (what each distinct cell says) → row_assembly (what each row is) → preview (what importing would do) → actions
(do it, all or nothing). The other way: cell_format (an element as the text of a cell) → exporting. annotated_workbook gives a
workbook back with its cells marked.
"""
