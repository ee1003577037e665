"""Reports to be read by people: the same content as a page, a workbook and a document.

A report is a YAML file in this folder: sections, the questions they ask, and the words around the answers.
"""
