"""Taking the data along: complete tables and queries as files, made while they are sent, whatever their size."""
