"""Queries of recent search and of stream rules: the operators that an account's reading needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from tafaul.channels.x.simulator.store import Post, Store

Match = Callable[[Post], bool]
TOKEN = re.compile(r'\(|\)|-?"[^"]*"|-?[^\s()]+')


def compile_query(query: str, store: Store) -> Match:
    """Return a test for posts. Raises `ValueError` for a query that X would refuse.

    Understood: words, "phrases", @handle, from:, to:, conversation_id:, in_reply_to_tweet_id:, is:reply,
    is:retweet, OR, parentheses and - before a term.
    """
    tokens = TOKEN.findall(query)
    if not tokens:
        raise ValueError("the query is empty")
    match, rest = _any_of(tokens, store)
    if rest:
        raise ValueError(f"unexpected «{rest[0]}»")
    return match


def _any_of(tokens: list[str], store: Store) -> tuple[Match, list[str]]:
    first, tokens = _all_of(tokens, store)
    options = [first]
    while tokens and tokens[0] == "OR":
        option, tokens = _all_of(tokens[1:], store)
        options.append(option)
    return (lambda post: any(option(post) for option in options)), tokens


def _all_of(tokens: list[str], store: Store) -> tuple[Match, list[str]]:
    terms: list[Match] = []
    while tokens and tokens[0] not in (")", "OR"):
        term, tokens = _term(tokens, store)
        terms.append(term)
    if not terms:
        raise ValueError("a term is missing")
    return (lambda post: all(term(post) for term in terms)), tokens


def _term(tokens: list[str], store: Store) -> tuple[Match, list[str]]:
    token, rest = tokens[0], tokens[1:]
    if token == "(":  # noqa: S105
        match, rest = _any_of(rest, store)
        if not rest or rest[0] != ")":
            raise ValueError("a parenthesis is not closed")
        return match, rest[1:]
    if token.startswith("-") and len(token) > 1:
        positive = _operator(token[1:], store)
        return (lambda post: not positive(post)), rest
    return _operator(token, store), rest


def _operator(token: str, store: Store) -> Match:
    name, colon, value = token.partition(":")
    if token.startswith("@"):
        handle = token[1:].lower()
        return lambda post: any(store.users[key].username.lower() == handle for key in post.to)
    if name == "from" and colon:
        return lambda post: value.lower() in (str(post.author_id), store.users[post.author_id].username.lower())
    if name == "to" and colon:
        return lambda post: (
            post.in_reply_to in store.posts
            and store.users[store.posts[post.in_reply_to].author_id].username.lower() == value.lower()
        )
    if name == "conversation_id" and colon:
        return lambda post: str(post.conversation_id) == value
    if name == "in_reply_to_tweet_id" and colon:
        return lambda post: str(post.in_reply_to) == value
    if token == "is:reply":  # noqa: S105
        return lambda post: post.in_reply_to is not None
    if token == "is:retweet":  # noqa: S105
        return lambda _post: False
    word = token.strip('"').lower()
    return lambda post: word in post.text.lower()
