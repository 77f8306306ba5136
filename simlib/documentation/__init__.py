"""The model's own documentation, made from code and data: reporting checklist, register of assumptions, drawn flow."""
