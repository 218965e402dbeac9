"""The proof that nothing was lost: what the newspaper printed against records, rows, counts and a rebuild (G1)."""

import sqlite3
from pathlib import Path

from tests.torture import witness
from tests.torture.newspaper import Newspaper, Printed
from tests.warm import run


def prove(paper: Newspaper, folder: Path, again: int) -> list[str]:
    """Every item of the promise that nothing is lost (G1), after the last restart: what does not hold, in words.

    `again`: so many articles may have been under way when a crawl ended, and so be asked for again.
    """
    faults = [f"{path.name} was left open" for path in folder.rglob("*.open")]
    files = sorted(folder.glob("warc*/**/*.warc.gz"))
    for path in files:
        faults += witness.unreadable(path)
    answers: dict[str, witness.Seen] = {}
    missing = dict(paper.articles)
    for path in files:
        for seen in witness.whole_responses(path):
            answers[seen.id] = seen
            printed = missing.get(seen.url)
            if printed and seen.type == "response" and _is_whole(seen, printed):
                del missing[seen.url]
    faults += [f"{url}: no record has its first and last word" for url in missing]
    faults += _counts(paper, again)
    with sqlite3.connect(folder / "corpus.db") as db:
        db.row_factory = sqlite3.Row
        faults += _database(db)
        faults += _captures(db, folder, answers, paper)
        text = {row["url"]: row["text"] for row in db.execute("SELECT url, text FROM articles")}
        for url, printed in paper.articles.items():
            if url not in text:
                faults.append(f"{url} has no article row")
            elif printed.first not in text[url] or printed.last not in text[url]:
                faults.append(f"{url}: the first or the last word is not in its text")
    db.close()
    return faults + _rebuilt(folder) + _verified(folder)


def _is_whole(seen: witness.Seen, printed: Printed) -> bool:
    return printed.first.encode() in seen.page and printed.last.encode() in seen.page


def _counts(paper: Newspaper, again: int) -> list[str]:
    """By the server's count: one request for each article, and one more for each that was under way at a kill."""
    asked = paper.requests()
    faults = [f"{url} was never sent whole" for url in paper.articles if not paper.whole[url]]
    if (more := sum(count - 1 for count in asked.values())) > again:
        faults.append(f"{more} requests for articles that were asked for before; {again} were under way")
    return faults


def _database(db: sqlite3.Connection) -> list[str]:
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    try:
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as fault:
        faults.append(f"search: {fault}")
    return faults


def _captures(db: sqlite3.Connection, folder: Path, answers: dict[str, witness.Seen], paper: Newspaper) -> list[str]:
    """Each row against the bytes at its place and, for an article, against what the newspaper printed."""
    faults, known = [], set()
    for row in db.execute("SELECT * FROM captures"):
        try:
            seen = witness.record_at(folder / row["warc_file"], row["warc_offset"])
        except (witness.Cut, OSError) as fault:
            faults.append(f"row {row['id']}: {fault}")
            continue
        known.add(seen.id)
        earlier = answers.get(seen.field("WARC-Refers-To"))
        content = earlier.content if seen.type == "revisit" and earlier and not seen.content else seen.content
        printed = paper.articles.get(row["url"])
        if seen.id != row["record_id"] or seen.length != row["warc_length"] or seen.url != row["url"]:
            faults.append(f"row {row['id']}: another record lies at its place")
        elif row["status"] == 200 and row["payload_sha256"] != witness.sha256(content).hexdigest():
            faults.append(f"row {row['id']}: its bytes do not give its digest")
        elif printed and row["payload_sha256"] != printed.sha256:
            faults.append(f"row {row['id']}: not what the newspaper printed")
    return faults + [f"record {each} has no row" for each in answers if each not in known]


def _rebuilt(folder: Path) -> list[str]:
    again = folder.parent / "again.db"
    done = run("rebuild", "--corpus", folder, "--into", again)
    if done.returncode:
        return [f"rebuild ended with {done.returncode}: {done.stderr}"]
    before, after = dump(folder / "corpus.db"), dump(again)
    return [
        f"rebuild gives other rows of {table}: {sorted(set(map(repr, rows)) ^ set(map(repr, after[table])))}"[:400]
        for table, rows in before.items()
        if rows != after[table]
    ]


def _verified(folder: Path) -> list[str]:
    done = run("verify", "--corpus", folder)
    return [f"verify ended with {done.returncode}: {done.stdout[-600:]} {done.stderr}"] if done.returncode else []


def dump(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows in order, without the bookkeeping of migrations and of the search index."""
    with sqlite3.connect(file) as db:
        names = [
            row[0]
            for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row[0].startswith(("_", "articles_fts", "sqlite_"))
        ]
        found = {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    db.close()
    return found
