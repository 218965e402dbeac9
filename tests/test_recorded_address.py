"""The address and the identifier that a record bears."""

from urllib.parse import urlsplit
from uuid import RFC_4122, UUID

from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import Request

from archive.drafts import new_record_id
from crawler.exchange import target_of

PARTS = st.text(st.sampled_from("aZ0é%2F~-._:@#?&=/\\;+!$'()*,|\"<> "), max_size=30)


@given(st.sampled_from(["http", "HTTPS", "https"]), st.sampled_from(["", "u@", "u:p@", "u:p@ss@"]), PARTS)
@example("http", "", "?")
@example("http", "", "/a?")
@example("http", "", "/a?#")
@example("https", "", "/a?b?")
def test_a_record_names_the_url_without_user_and_fragment(scheme: str, user: str, rest: str) -> None:
    try:
        request = Request(f"{scheme}://{user}a.example{rest}")
        parts = urlsplit(request.url)
    except ValueError:
        return
    assert target_of(request) == parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def test_each_record_has_a_random_uuid_of_its_own() -> None:
    ids = {new_record_id() for _ in range(500)}
    assert len(ids) == 500
    for each in ids:
        uuid = UUID(each.removeprefix("<urn:uuid:").removesuffix(">"))
        assert each == f"<urn:uuid:{uuid}>"
        assert (uuid.version, uuid.variant) == (4, RFC_4122)
