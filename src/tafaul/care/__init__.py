"""The domain: posts, cases and replies."""
