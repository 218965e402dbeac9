"""A sitting: the sample of a topic that a person goes through, in a terminal or in the reading room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.tuning.sample import Drawn
from archive.tuning.verdicts import Standing


@dataclass(frozen=True)
class Sitting:
    """`drawn`: the articles to judge, in their order; `judged`: by article the verdict that counts."""

    drawn: Sequence[Drawn]
    judged: Mapping[str, Standing]

    @property
    def done(self) -> int:
        """How many of the sample are judged."""
        return sum(each.article_id in self.judged for each in self.drawn)

    def place(self, article_id: str) -> int | None:
        """Which of the sample it is, from 1 on."""
        return next((at for at, each in enumerate(self.drawn, 1) if each.article_id == article_id), None)

    def following(self, article_id: str | None = None) -> Drawn | None:
        """The first that is not judged, behind that article where one is given."""
        start = (self.place(article_id) or 0) if article_id else 0
        return next((each for each in self.drawn[start:] if each.article_id not in self.judged), None)


def last_by(verdicts: Sequence[Standing], by: str | None) -> Standing | None:
    """The newest verdict that this person gave, of those that stand."""
    return max((each for each in verdicts if each.by == by), key=lambda each: each.entry, default=None)
