"""What every page of ours needs of Datasette: the town's database, metadata.yml, and how an answer is sent."""
