"""Who asks, where nobody has signed in: a network address."""

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.http import HttpRequest


def network_address(request: HttpRequest) -> str:
    """As sign-in limits it: behind a trusted proxy the client's, of IPv6 the network's. Never kept as it is."""
    return str(truncate_ip(get_adapter().get_client_ip(request)))
