"""Two samples of the same articles are one larger sample."""

from archive.tuning.verdicts import Standing, weighed_alike

AT = "2023-08-04T12:00:00Z"


def said(article_id: str, version: str, stratum: str | None, weight: float | None) -> Standing:
    return Standing(1, AT, article_id, version, "yes", "me", stratum, weight)


def test_an_article_drawn_early_stands_for_no_more_than_one_drawn_late() -> None:
    given = [
        said("a", "1", "taken", 10.0),
        said("b", "1", "taken", 5.0),
        said("c", "1", "below", 70.0),
        said("d", "2", "taken", 20.0),
        said("e", "1", None, None),
    ]
    found = weighed_alike({each.article_id: each for each in given})
    assert {key: each.weight for key, each in found.items()} == {"a": 5.0, "b": 5.0, "c": 70.0, "d": 20.0, "e": None}
