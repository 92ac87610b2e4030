"""Charts for other people's pages: what the plugins `charts` and `embedding` share."""
