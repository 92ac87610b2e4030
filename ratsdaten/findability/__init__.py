"""What machines read to find us: robots.txt, the sitemap, schema.org, OpenSearch."""
