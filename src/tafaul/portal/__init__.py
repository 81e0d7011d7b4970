"""The citizen's page: follow a case through its secret link, add to it, rate it."""
