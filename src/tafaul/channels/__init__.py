"""Channels on which citizens write. The one place that knows which there are."""

from __future__ import annotations

from collections.abc import Mapping

from tafaul.channels import x
from tafaul.channels.base import ChannelKind

CHANNELS: Mapping[str, ChannelKind] = {"x": x}
