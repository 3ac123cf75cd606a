"""Whom the server may talk to when somebody gives it an address: the public network, nothing behind our own walls."""

import ipaddress
import socket
from collections.abc import Collection

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses that carry an IPv4 address of the other side in their last 32 bits, and so lead wherever that one does.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_TRANSLATED_LOCALLY = ipaddress.IPv6Network("64:ff9b:1::/48")


class AddressRefusedError(Exception):
    """The host is not to be reached. The message names it and says why."""


def is_public(address: _Address) -> bool:
    """Whether anybody on the internet could reach it: no loopback, private, link-local, shared or reserved address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _ipv4_inside(address)
        if inner is not None:
            return is_public(inner)
        if address in _TRANSLATED_LOCALLY or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _ipv4_inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _TRANSLATED or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve_public(host: str, port: int, *, allowed: Collection[str] = ()) -> str:
    """The IP address to connect to. It is looked up here once and then used, so that no second look-up tells another.

    `allowed` has hosts as "name:port" that may be reached wherever they are. One address that is not public refuses the
    host, also beside public ones. Raises AddressRefusedError.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefusedError(f"The host {host} is not known.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if f"{host}:{port}" not in allowed:
        for text in addresses:
            # A link-local address has its interface behind a per cent sign.
            if not is_public(ipaddress.ip_address(text.partition("%")[0])):
                leads = host if host == text else f"{host} leads to {text}, which"
                raise AddressRefusedError(f"{leads} is not a public address.")
    if not addresses:
        raise AddressRefusedError(f"The host {host} has no address.")
    return addresses[0]
