"""Background jobs: read channels, work posts, deliver the outbox."""
