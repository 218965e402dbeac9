"""Whether a certificate is for the host that was asked (RFC 9110 §4.3.4, RFC 9525 §6)."""

import ipaddress

from cryptography import x509


def vouches(certificate: x509.Certificate, host: str) -> bool:
    """Whether one of the certificate's subjectAltNames is `host`, a name in ASCII or an IP address.

    The common name counts for nothing (RFC 9525 §6.3). Who signed the certificate is judged elsewhere.
    """
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses = {str(each) for each in names.get_values_for_type(x509.IPAddress)}
        patterns = names.get_values_for_type(x509.DNSName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    try:
        return str(ipaddress.ip_address(host)) in addresses
    except ValueError:
        return any(_matches(pattern, host) for pattern in patterns)


def _matches(pattern: str, host: str) -> bool:
    """A wildcard stands for one whole label, the leftmost, and never for one below a top-level name alone."""
    pattern, host = pattern.lower().removesuffix("."), host.lower().removesuffix(".")
    first, _, rest = pattern.partition(".")
    if first == "*":
        label, _, parent = host.partition(".")
        return bool(label) and parent == rest and "." in rest and "*" not in rest
    return "*" not in pattern and pattern == host
