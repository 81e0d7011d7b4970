"""A server that speaks X API v2, with citizens who live on it: for demonstrations, training and tests.

It imports nothing of Tafaul outside this folder, as X does not either.
"""
