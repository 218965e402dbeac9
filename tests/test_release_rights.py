"""The decision whether a text may travel: open licences, reservations, silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake import Rights
from archive.release.rights import decide, open_licence
from tests.release_corpus import CC


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (CC, "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/deed.fr", "CC-BY-SA-3.0"),
        ("http://www.creativecommons.org/licenses/by/2.0/fr/", "CC-BY-2.0"),
        ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "CC-BY-4.0"),
        ("//creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("Licence Ouverte 2.0", "etalab-2.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", None),
        ("https://creativecommons.org/licenses/by-nd/4.0/", None),
        ("CC BY-NC-SA 4.0", None),
        ("Creative Commons Attribution-NoDerivatives 4.0", None),
        ("https://www.example.org/creativecommons.org/licenses/by/4.0/", None),
        ("not CC BY 4.0", None),
        ("CC BY 4.0, photographs excepted", None),
        ("All rights reserved", None),
        ("", None),
        (None, None),
    ],
)
def test_open_licences(value: str | None, name: str | None) -> None:
    assert open_licence(value) == name


@pytest.mark.parametrize(
    "said",
    [
        {"robots": "disallowed"},
        {"robots": "unreachable"},
        {"robots_meta": "NOARCHIVE"},
        {"robots_meta": "index, follow, noai, noimageai"},
        {"robots_meta": "max-snippet:0"},
        {"robots_meta": "none"},
        {"x_robots_tag": "googlebot: nosnippet"},
        {"x_robots_tag": "unavailable_after: 25 Jun 2030 15:00:00 PST"},
        {"tdm_reservation": "1"},
    ],
)
def test_every_reservation_outweighs_the_licence(said: dict[str, str]) -> None:
    assert not decide([Rights(licence=CC, **said)]).may
    assert not decide([Rights(licence=CC), Rights(**said)]).may
    assert decide([Rights(licence=CC, **said)], agreed=True).may


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"robots": "allowed"},
        {"robots_meta": "index,follow,max-snippet:-1,noimageindex"},
        {"tdm_reservation": "0"},
    ],
)
def test_silence_neither_bars_nor_allows(said: dict[str, str]) -> None:
    assert decide([Rights(licence=CC, **said)]).may
    assert not decide([Rights(**said)]).may


@given(st.builds(Rights, *[st.none() | st.text(max_size=30) for _ in range(8)]))
def test_a_text_travels_only_by_a_known_open_licence(rights: Rights) -> None:
    assert decide([rights]).may <= (open_licence(rights.licence) is not None)
