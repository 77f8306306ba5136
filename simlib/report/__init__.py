"""Faces: figures, tables, words in English and Chinese, and the pages that put them together."""
