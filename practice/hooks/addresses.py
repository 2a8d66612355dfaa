"""Which addresses a webhook may have and reach. Pure; the check that counts is made on the IP we connect to."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Beside what `is_global` knows: ranges that lead to others by translation or tunnel, and those that
# Python releases before 3.11.10 took for public.
REFUSED = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "ff00::/8",
    )
]
LONGEST = 500
HOST = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z"
)
PRINTABLE = re.compile(r"[\x21-\x7e]+\Z")


class BadAddress(ValueError):
    """Its text says why, in words for the person who typed the address."""


class NotReachable(OSError):
    """The name leads where webhooks must not go."""


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def named(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def parse(url: str, *, http: bool = False, networks: tuple[Network, ...] = ()) -> Target:
    """The address taken apart, or BadAddress. `http` and `networks` are what the installation allows besides."""
    if not PRINTABLE.match(url) or len(url) > LONGEST or "\\" in url:
        raise BadAddress("An address of at most 500 characters, without blanks.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise BadAddress("This is not an address.") from wrong
    if parts.scheme != "https" and not (http and parts.scheme == "http"):
        raise BadAddress("The address begins with https://.")
    if "@" in parts.netloc:
        raise BadAddress("Leave user name and password out of the address.")
    if parts.fragment or "#" in url:
        raise BadAddress("Leave out the part after #.")
    host = (parts.hostname or "").rstrip(".")
    _check_host(host, networks)
    if port == 0:
        raise BadAddress("There is no port 0.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme], path)


def allowed(ip: Ip, networks: tuple[Network, ...] = ()) -> bool:
    """Whether a connection to this IP may be opened: the public internet, and what the installation adds."""
    if any(ip.version == network.version and ip in network for network in networks):
        return True
    if any(ip.version == network.version and ip in network for network in REFUSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _check_host(host: str, networks: tuple[Network, ...]) -> None:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        # Numbers that resolvers read as an IP (2130706433, 0x7f.1) are names to no honest receiver.
        last = host.rpartition(".")[2]
        if not HOST.match(host) or last[:1].isdigit() or "%" in host:
            raise BadAddress("The address names no host.") from None
        return
    if not allowed(ip, networks):
        raise BadAddress("This host is not on the public internet.")
