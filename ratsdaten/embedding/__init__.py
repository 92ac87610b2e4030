"""Charts for other people's pages: what plugins/embedding.py calls."""
