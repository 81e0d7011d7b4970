"""The domain: citizens and their posts, the cases made of them, and what is done about them."""

from __future__ import annotations

from tafaul.care.models.cases import Case, CaseLink, Citizen, Correction, Kind, Post, Visibility
from tafaul.care.models.clocks import Clock, OutsideReport, Promise, Promised, Rating, Reminder, Silence
from tafaul.care.models.intake import Gap, Reading, UnreadablePost
from tafaul.care.models.referrals import Referral, RoutingRule
from tafaul.care.models.replies import Reply
from tafaul.care.models.sharing import Sharing
from tafaul.care.models.work import Attachment, Note, Notice, Presence

__all__ = [
    "Attachment",
    "Case",
    "CaseLink",
    "Citizen",
    "Clock",
    "Correction",
    "Gap",
    "Kind",
    "Note",
    "Notice",
    "OutsideReport",
    "Post",
    "Presence",
    "Promise",
    "Promised",
    "Rating",
    "Reading",
    "Referral",
    "Reminder",
    "Reply",
    "RoutingRule",
    "Sharing",
    "Silence",
    "UnreadablePost",
    "Visibility",
]
