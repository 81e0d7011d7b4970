"""Approved words, and finding the right ones."""
