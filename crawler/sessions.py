"""The logins of one run: which outlets have one, and what a person should know of them."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from archive.model import Lead
from archive.times import moment, stamp
from crawler.account import account_of, is_begun, missing
from crawler.clock import utc_now
from crawler.frontier import Frontier
from crawler.refusals import Refusals
from crawler.session import Ask, Session
from spiders.kit.outlet import Outlet


class Sessions:
    """The sessions of a crawl, by outlet; nothing is asked before an article needs it.

    Raises UsageError where the environment has a value that cannot be sent.
    """

    def __init__(self, outlets: Sequence[Outlet], environment: Mapping[str, str]) -> None:
        self._outlets, self._environment = outlets, environment
        self._accounts = {each.name: account_of(each, environment) for each in outlets}
        self._sessions: dict[str, Session] = {}

    def open(self, work: Ask, allow: Sequence[str], refusals: Refusals) -> None:
        """One for each outlet with a login of which the environment has the values."""
        self.refusals = refusals
        for outlet in self._outlets:
            if (account := self._accounts[outlet.name]) is None:
                continue
            session = Session(outlet, account, work, allow)
            if not session.origins:
                session.over("its home is not https, and an account is shown over nothing else")
            elif account.kind == "form" and (refused := refusals.of(outlet.name, utc_now())):
                until, why = refused
                session.over(f"not tried before {stamp(until)}, since it was refused: {why}")
            self._sessions[outlet.name] = session

    def take_back(self, outlet: str, db: Database, frontier: Frontier) -> None:
        """A login works again: what was cut while it did not is asked for once more."""
        since = self.refusals.missed_since(outlet)
        if since is None:
            return
        rows = db.execute(
            "SELECT leads.url, leads.modified_at FROM leads JOIN captures ON captures.id = capture_id"
            " WHERE leads.outlet = ? AND leads.kind = 'article' AND outcome = 'paywalled' AND fetched_at >= ?",
            [outlet, stamp(since)],
        ).fetchall()
        frontier.requeue(Lead(url, outlet, "corpus", modified_at=moment(at)) for url, at in rows)

    def of(self, outlet: str) -> Session | None:
        return self._sessions.get(outlet)

    def failed(self, outlet: str) -> bool:
        """Whether the outlet's login is something that a person should look at."""
        session = self.of(outlet)
        return session is not None and session.failed

    def told(self) -> dict[str, str]:
        """By outlet one sentence, where there is something to say."""
        said = {}
        for outlet in self._outlets:
            session = self.of(outlet.name)
            if session is None:
                if self._accounts[outlet.name] is None and is_begun(outlet, self._environment):
                    lacking = " and ".join(missing(outlet, self._environment))
                    said[outlet.name] = f"no login: {lacking} must be set, too"
            elif session.why is not None:
                said[outlet.name] = f"no login: {session.why}. What needs one is in the table as paywalled."
            elif session.renewed:
                said[outlet.name] = "the session ended and was renewed"
        return said
