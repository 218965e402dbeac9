"""The document type never reaches the parser."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.kit.prolog import charsets, own_entities, without_dtd

PIECES = ["<!DOCTYPE ", "<!--", "-->", "<?", "?>", "[", "]", ">", "'", '"', "<!ENTITY a 'x'>", " ", "<a>", "x", "<!DOC"]


def cut_out(*pieces: str) -> tuple[str, list[str]]:
    entities: list[str] = []
    return "".join(without_dtd(iter(pieces), entities)), entities


def test_the_document_type_is_cut_out_and_its_entities_are_named() -> None:
    dtd = "<!DOCTYPE rss [ <!-- ]> ' --> <!ENTITY a \"]>\"><!ENTITY % b SYSTEM 'file:///x'> ]>"
    assert cut_out('<?xml version="1.0"?>\n' + dtd + "<rss/>") == ("\n<rss/>", ["a", "b"])
    assert own_entities(["a", "eacute"])
    assert not own_entities(["nbsp", "eacute"])


def test_html_quoted_in_the_document_keeps_its_meaning() -> None:
    quoted, _ = cut_out("<a><![CDATA[<!DOCTYPE html><p>x</p>]]></a>")
    assert quoted == "<a><![CDATA[<!doctype html><p>x</p>]]></a>"


def test_character_sets_are_tried_from_the_likeliest() -> None:
    assert charsets(b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>') == ["utf-8", "cp1252"]
    assert charsets(b'<?xml version="1.0" encoding="windows-1256"?><a/>') == ["utf-8", "cp1256"]
    assert charsets("<a/>".encode("utf-16")) == ["utf-16"]
    for odd in (b"utf-7", b"idna", b"klingon", b"utf-16", b"hex"):
        assert charsets(b'<?xml version="1.0" encoding="' + odd + b'"?><a/>') == ["utf-8"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.integers(0, 60), max_size=4))
def test_no_document_type_is_left_however_the_bytes_arrive(pieces: list[str], cuts: list[int]) -> None:
    whole = "".join(pieces)
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    in_pieces = [whole[start:end] for start, end in pairwise(edges)]
    assert cut_out(*in_pieces) == cut_out(whole)
    assert "<!DOCTYPE" not in cut_out(whole)[0]
