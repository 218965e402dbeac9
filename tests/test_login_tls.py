"""Over TLS a login goes to the newspaper whose certificate is good; without one nothing is sent."""

from contextlib import ExitStack
from pathlib import Path

from tests.subscribers_paper import LOGIN, Answer, Subscription, corpus_with, crawled, environment, outcomes, paper
from tests.wire_server import certificate

FEED = "<rss version='2.0'><channel><title>G</title><item><link>{home}/story/1</link></item></channel></rss>"


def test_a_password_goes_to_whom_the_certificate_names(tmp_path: Path) -> None:
    for name in ("good", "other"):
        (tmp_path / name).mkdir()
    good, authority = certificate(tmp_path / "good", "localhost")
    unknown, _ = certificate(tmp_path / "other", "localhost")
    with ExitStack() as opened:
        ours = opened.enter_context(paper(tls=good))
        false = opened.enter_context(paper(tls=unknown))
        plain = opened.enter_context(paper())
        ours.pages["/feed"] = lambda _: Answer(FEED.format(home=ours.home), headers=(("Content-Type", "text/xml"),))
        feed = f'[[sources]]\nkind = "feed"\nurl = "{ours.home}/feed"\n'
        outlets = {
            "ours": Subscription(ours, ("/story/2",), login=feed + LOGIN),
            "false": Subscription(false, ("/story/1",)),
            "plain": Subscription(plain, ("/story/1",), login=LOGIN.replace("{home}", false.home)),
        }
        corpus = corpus_with(tmp_path / "c", **outlets)
        said = crawled(corpus, code=1, SSL_CERT_FILE=str(authority), **environment(**outlets))
    assert set(outcomes(corpus, "ours").values()) == {"ok"}
    assert ours.paths().count("/login_check") == 1
    for asked in ours.asked:
        assert ("PAPERSESS" in asked.headers.get("Cookie", "")) == asked.path.startswith(("/story/", "/welcome"))
    assert false.asked == []
    assert outcomes(corpus, "false") == {"/story/1": "tls_error"}
    assert "could not be read" in said["logins"]["plain"]
    assert outcomes(corpus, "plain") == {"/story/1": "paywalled"}
