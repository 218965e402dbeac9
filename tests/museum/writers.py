"""Files as other programs write them, and records that carry records."""

from pathlib import Path

from tests.museum.records import HOST, Exhibit, answer, exhibit, gz, info, page, pages, record, url_of, urls, write


@exhibit
def cc_news(folder: Path) -> Exhibit:
    """Common Crawl's CC-NEWS: WARC/1.0, responses alone, no requests."""
    records = [
        record(
            "response",
            f"https://press.example/{n}",
            answer(page(n)),
            "WARC-IP-Address: 192.0.2.1",
            f"WARC-Payload-Digest: sha1:{'A' * 32}",
        )
        for n in range(3)
    ]
    path, _ = write(folder, "CC-NEWS-20230804101500-00001.warc.gz", gz(info("news-please/StormCrawler"), *records))
    return Exhibit(path, ("", *(f"https://press.example/{n}" for n in range(3))))


@exhibit
def wget(folder: Path) -> Exhibit:
    """wget --warc-file: addresses in <brackets> (WARC 1.0 took them into its grammar by mistake), and its own log."""
    asked = record(
        "request", f"<{url_of(1)}>", b"GET /article-1 HTTP/1.1\r\n\r\n", mime="application/http;msgtype=request"
    )
    came = record("response", f"<{url_of(1)}>", answer(page(1)), mime="application/http;msgtype=response")
    manifest = "metadata://gnu.org/software/wget/warc/MANIFEST.txt"
    log = "metadata://gnu.org/software/wget/warc/wget.log"
    own = [
        record("metadata", f"<{manifest}>", b"<urn:uuid:1>\n", mime="text/plain"),
        record("resource", f"<{log}>", b"200 OK\n", mime="text/plain"),
    ]
    path, _ = write(folder, "a.warc.gz", gz(info("Wget/1.21"), asked, came, *own))
    return Exhibit(path, ("", url_of(1), url_of(1), manifest, log))


@exhibit
def heritrix(folder: Path) -> Exhibit:
    """Names and addresses of hosts as records, metadata as fields, a revisit with the profile of WARC 1.0."""
    dns = record(
        "response", "dns:press.example", b"20230804101500\npress.example. 60 IN A 192.0.2.1\n", mime="text/dns"
    )
    came = record("response", url_of(1), answer(page(1)), f"WARC-Payload-Digest: sha1:{'B' * 32}")
    said = record(
        "metadata", url_of(1), b"via: http://press.example/\r\nhopsFromSeed: L\r\n", mime="application/warc-fields"
    )
    again = record(
        "revisit",
        url_of(1),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        f"WARC-Payload-Digest: sha1:{'B' * 32}",
        "WARC-Truncated: length",
    )
    path, _ = write(folder, "a.warc.gz", gz(info("Heritrix/3.4"), dns, came, said, again))
    return Exhibit(path, ("", "dns:press.example", url_of(1), url_of(1), url_of(1)))


@exhibit
def browsertrix(folder: Path) -> Exhibit:
    """WARC/1.1 with fields of its own, text and page records under URNs, an address that carries a POST body."""
    posted = f"{HOST}/graphql?__wb_method=POST&query=article"
    records = [
        record(
            "response",
            url_of(1),
            answer(page(1)),
            'WARC-JSON-Metadata: {"ipType":"Public"}',
            "WARC-Page-ID: 7",
            version="1.1",
        ),
        record(
            "request",
            url_of(1),
            b"GET /article-1 HTTP/1.1\r\n\r\n",
            version="1.1",
            mime="application/http; msgtype=request",
        ),
        record("response", posted, answer(b'{"data":{}}', mime="application/json"), version="1.1"),
        record("resource", f"urn:text:{url_of(1)}", "Les mots d’un article".encode(), version="1.1", mime="text/plain"),
        record("resource", f"urn:pageinfo:{url_of(1)}", b'{"pageid":"7"}', version="1.1", mime="application/json"),
    ]
    path, _ = write(folder, "rec-a.warc.gz", gz(info("Browsertrix-Crawler 1.7", "1.1"), *records))
    return Exhibit(path, ("", url_of(1), url_of(1), posted, f"urn:text:{url_of(1)}", f"urn:pageinfo:{url_of(1)}"))


@exhibit
def warcprox(folder: Path) -> Exhibit:
    """An answer that was cut by a limit, and a screenshot that a client put in."""
    cut = record("response", url_of(1), answer(page(1))[:300], "WARC-Truncated: length")
    shot = record("resource", f"screenshot:{url_of(1)}", b"\x89PNG\r\n\x1a\n", mime="image/png")
    path, _ = write(folder, "a.warc.gz", gz(info("warcprox 2.13"), cut, shot))
    return Exhibit(path, ("", url_of(1), f"screenshot:{url_of(1)}"))


@exhibit
def conversion_and_continuation(folder: Path) -> Exhibit:
    records = [
        record("response", url_of(1), answer(page(1))[:200], "WARC-Segment-Number: 1"),
        record(
            "continuation",
            url_of(1),
            page(1)[:90],
            "WARC-Segment-Number: 2",
            "WARC-Segment-Origin-ID: <urn:uuid:1>",
            mime=None,
        ),
        record("conversion", url_of(2), b"plain words", mime="text/plain"),
        record("of-a-later-standard", url_of(3), b"?", mime="text/plain"),
    ]
    path, _ = write(folder, "a.warc.gz", gz(*records))
    return Exhibit(path, (url_of(1), url_of(1), url_of(2), url_of(3)))


def _carried() -> list[bytes]:
    return [record("response", f"http://evil.example/{n}", answer(page(n))) for n in (7, 8)]


@exhibit
def a_warc_inside_a_warc(folder: Path) -> Exhibit:
    """The file of a web archive that was crawled: its records are payload, and none of ours."""
    inside = b"".join(_carried())
    records = [record("response", url_of(2), answer(inside, mime="application/warc")), *pages(1, first=3)]
    path, _ = write(folder, "a.warc", [*pages(1), *records])
    return Exhibit(path, urls(1, 2, 3))


@exhibit
def a_warc_inside_a_warc_before_a_hole(folder: Path) -> Exhibit:
    carrier = record("response", url_of(1), answer(b"".join(_carried()), mime="application/warc"))
    pieces = [carrier, *pages(2, first=2)]
    path, places = write(folder, "a.warc", pieces)
    path.write_bytes(carrier + bytes(len(pieces[1])) + pieces[2])
    return Exhibit(path, urls(1, 3), (places[1],), frozenset())


@exhibit
def a_warc_inside_a_warc_in_gz(folder: Path) -> Exhibit:
    inside = b"".join(gz(*_carried()))
    records = [record("response", url_of(2), answer(inside, mime="application/gzip")), *pages(1, first=3)]
    path, _ = write(folder, "a.warc.gz", gz(*pages(1), *records))
    return Exhibit(path, urls(1, 2, 3))
