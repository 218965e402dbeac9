"""Which addresses a crawl may reach."""

import pytest

from crawler.politeness.address import Guard, host_key, is_public, literal, proxies_of


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
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2a00:1450::5efe:10.0.0.1",
        "fec0::1",
        "::",
        "240.0.0.1",
        "fe80::1%eth0",
        "fd00::1",
        "not an address",
    ],
)
def test_special_networks_are_refused(address: str) -> None:
    assert not is_public(address)
    guard = Guard()
    assert not guard.permits("host.example", address, 80)
    assert address in str(guard.refused("http://host.example/"))
    assert guard.refused("http://host.example/") is None, "it is told once"


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007::1", "64:ff9b::8.8.8.8", "2002:808:808::1"])
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
    assert guard.refusal("http://127.0.0.9:8080/"), "it is not there to be asked for itself"
    for host, address, port in (("proxy.example", "10.0.0.3", 80), ("other.example", "127.0.0.9", 8080)):
        assert not guard.permits(host, address, port)
    assert proxies_of({"HTTP_PROXY": "http://[::1", "NO_PROXY": "a.example", "https_proxy": " "}) == frozenset()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0x7F.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("[0:0::1]", "::1"),
        ("fe80::1%25eth0", "fe80::1"),
        ("a.example", None),
        ("1.2.3.4.5", None),
        ("300.1.1.1", None),
        ("0x.example", None),
        ("", None),
    ],
)
def test_what_a_host_stands_for_without_a_resolver(host: str, address: str | None) -> None:
    assert literal(host) == address


def test_one_host_has_one_turn_however_it_is_spelt() -> None:
    spellings = ("http://A.Example/x", "https://a.example:8443/", "http://a.example.:80/y")
    assert {host_key(each) for each in spellings} == {"a.example"}
    assert host_key("http://[::ffff:127.0.0.1]:1/") == host_key("http://0x7f000001/") == "127.0.0.1"


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://2130706433:80/", "http://localhost./", "http://x.localhost/"]
)
def test_a_private_address_is_refused_before_any_resolver(url: str) -> None:
    assert Guard(("127.0.0.1:8800",)).refusal(url)


def test_only_a_listed_port_and_names_need_a_resolver() -> None:
    guard = Guard(("127.0.0.1:8800",))
    assert guard.refusal("http://localhost:8800/") is None
    assert guard.refusal("http://127.0.0.1:8800/") is None
    assert guard.refusal("http://127.0.0.1:8801/")
    assert guard.refusal("http://127.0.0.1:8800/") is None, "another port is another place"
    assert guard.refusal("http://a.example/") is None
    assert guard.refusal("http://8.8.8.8/") is None
