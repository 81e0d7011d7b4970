"""Hiding citizens' posts under an account's own, such as insults; on the channel they can still be unfolded."""

from __future__ import annotations

from datetime import UTC, datetime

from tafaul.bodies import accounts, spending
from tafaul.bodies.models import Person
from tafaul.care import cases
from tafaul.care.errors import NotHidden, NotYours
from tafaul.care.models import Case, Post, Visibility
from tafaul.channels.base import ChannelError


def may_be_hidden(post: Post) -> bool:
    """Tell whether a post may stand in a conversation that the account began: a channel lets hide only there."""
    answers = post.visibility == Visibility.PUBLIC and post.conversation_id not in ("", post.external_id)
    begun_by_citizen = Post.objects.filter(account=post.account_id, external_id=post.conversation_id)
    return answers and not begun_by_citizen.exists()


def hide(post: Post, person: Person) -> None:
    """Hide a post on its channel, once. Raises `NotYours`, or `NotHidden` with what the channel said."""
    case = Case.objects.filter(pk=post.case_id or 0).first()
    if case is None or not cases.may_answer(person, case):
        raise NotYours
    if post.hidden_at is not None:
        return
    try:
        accounts.open_channel(post.account).hide(post.external_id)
    except ChannelError as error:
        raise NotHidden(str(error)) from error
    post.hidden_at = datetime.now(UTC)
    post.save(update_fields=["hidden_at"])
    spending.charge(post.account, "hide", 1)
