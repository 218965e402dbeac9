"""By which topics the rows are decided: the versions in force, which need not be what the files say by now."""

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.account import Account, Part
from archive.errors import HemerotecaError
from archive.topics import Topic, load_topic, parse_topic
from archive.tuning.named import files_of

_APPLY = "run `hemeroteca topic apply`"


def topics_in_force(db: Database, corpus: Corpus, account: Account) -> list[Topic]:
    """The topics that the rows are right or wrong by. A file that was changed since is said, and is no fault.

    A row of a topic that is not what its version says is one.
    """
    found: list[Topic] = []
    sql = "SELECT id, version, toml FROM topics WHERE current = 1 ORDER BY id"
    for topic_id, version, toml in db.execute(sql).fetchall():
        key = f"topics[id={topic_id}, version={version}]"
        try:
            topic = parse_topic(toml, f"{topic_id}.toml", topic_id)
        except (HemerotecaError, TypeError) as error:
            account.fault(Part.ROWS, key, f"its text is no topic: {error}", table="topics", key=key, column="toml")
            continue
        if topic.version != version:
            why = f"its text gives the version {topic.version}"
            account.fault(Part.ROWS, key, why, table="topics", key=key, column="version")
        found.append(topic)
    _say_what_changed(found, corpus, account)
    return found


def _say_what_changed(in_force: list[Topic], corpus: Corpus, account: Account) -> None:
    due = {topic.id: topic for topic in in_force}
    for path in files_of(corpus):
        try:
            topic = load_topic(path)
        except HemerotecaError as error:
            account.remark(
                Part.ROWS, f"topics/{path.name}", f"file cannot be used: {error}", file=f"topics/{path.name}"
            )
            due.pop(path.stem, None)
            continue
        before = due.pop(topic.id, None)
        if before is None:
            account.remark(Part.ROWS, f"topic {topic.id}", f"not in force yet, {_APPLY}", table="topics")
        elif before.version != topic.version:
            why = f"file changed since version {before.short_version}, {_APPLY}"
            account.remark(Part.ROWS, f"topic {topic.id}", why, table="topics")
    for topic_id in due:
        account.remark(Part.ROWS, f"topic {topic_id}", f"file is gone, {_APPLY}", table="topics")
