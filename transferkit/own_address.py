"""This machine's address in its network, for links that others open."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Final

# The first leads out wherever there is a router; nobody has it. The others lie in networks without one: what
# telephones and laptops call themselves when they make a network of their own for a room.
ANYWHERE: Final = ("192.0.2.1", "192.168.137.1", "10.42.0.1", "172.20.10.1", "192.168.43.1", "192.168.0.1")


def own_address() -> str:
    """Return the address; 127.0.0.1 if there is no network. Nothing is sent."""
    for there in ANYWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.connect((there, 9))
            return str(probe.getsockname()[0])
    return "127.0.0.1"
