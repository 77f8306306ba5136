"""What is handed to a committee: the same content as PDF, Word, workbook and slides; and a user's own data beside it."""
