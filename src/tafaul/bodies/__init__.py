"""Bodies and their tree, accounts, people and roles; who may see what."""
