"""Which addresses a crawl may reach."""

import pytest

from crawler.politeness.address import Guard, is_public, proxies_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 (an address to refuse)
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "fe80::1%eth0",
        "fd00::1",
        "not an address",
    ],
)
def test_special_networks_are_refused(address: str) -> None:
    assert not is_public(address)
    guard = Guard()
    assert not guard.permits("host.example", address, 80)
    assert guard.refused == {"host.example": address}


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007::1"])
def test_public_addresses_are_permitted(address: str) -> None:
    assert Guard().permits("host.example", address, 443)


def test_an_entry_opens_one_port_of_one_address() -> None:
    guard = Guard(("127.0.0.10:8800", "[::1]:8800"))
    assert guard.permits("a", "127.0.0.10", 8800)
    assert guard.permits("a", "::1", 8800)
    assert not guard.permits("a", "127.0.0.10", 80)
    assert not guard.permits("a", "127.0.0.1", 8800)


def test_a_proxy_needs_no_entry_and_opens_nothing_else() -> None:
    guard = Guard(
        (), proxies_of({"HTTP_PROXY": "http://desk:secret@proxy.example:3128", "https_proxy": "127.0.0.9:8080"})
    )
    assert guard.permits("proxy.example", "10.0.0.3", 3128)
    assert guard.permits("127.0.0.9", "127.0.0.9", 8080)
    for host, address, port in (("proxy.example", "10.0.0.3", 80), ("other.example", "127.0.0.9", 8080)):
        assert not guard.permits(host, address, port)
    assert proxies_of({"HTTP_PROXY": "http://[::1", "NO_PROXY": "a.example", "https_proxy": " "}) == frozenset()
