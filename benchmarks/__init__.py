"""How fast the project reads pages and crawls, measured side by side with the bare libraries under it."""
