"""What a person can do about URLs that did not end well, by outcome: one sentence each, shown at the end of a run."""

from collections.abc import Mapping
from typing import Final

from archive.model import Outcome

ADVICE: Final[Mapping[Outcome, str]] = {
    Outcome.TEXT_INCOMPLETE: "the page is recorded; look at it in the reading room, its text has gaps",
    Outcome.PARSE_FAILED: "the page is recorded; `hemeroteca rebuild` reads it again with a newer version",
    Outcome.UNDECODABLE: "nothing to do but to tell the newspaper; the bytes are recorded as they came",
    Outcome.WALL: "look at the page in a browser; if readers get past it and we do not, write to the newspaper",
    Outcome.SOFT_404: "nothing, where they are few; many of them speak for an outdated source in the outlet's file",
    Outcome.HTTP_ERROR: "nothing, where they are few; 401 or 403 at every page means that the newspaper wants no robot",
    Outcome.DEFERRED: "nothing: a later crawl asks again when it may",
    Outcome.TIMEOUT: "nothing: a later crawl tries again",
    Outcome.TRUNCATED: "nothing: what came is kept, and a later crawl tries again",
    Outcome.TOO_LARGE: "nothing, where it is no article; the beginning is recorded",
    Outcome.BAD_HTTP: "nothing, where they are few; a later crawl tries again",
    Outcome.CONNECT_ERROR: "check the address and the network; a later crawl tries again",
    Outcome.TLS_ERROR: "open the site in a browser: an expired certificate is the newspaper's to renew",
    Outcome.REDIRECT_LOOP: "open the address in a browser: it may want cookies, which a crawl does not send",
    Outcome.BLOCKED_ROBOTS: "nothing: the newspaper does not want it to be fetched, or could not be asked",
    Outcome.BLOCKED_ADDRESS: "nothing, unless the host is yours: then name its address under [network] allow",
    Outcome.TRAP: "look at the addresses; if they are articles, raise the bound that the reason names under [limits]",
    Outcome.BAD_FEED: "open the source in a browser; if it moved, correct it in the outlet's file (`outlet probe`)",
}
"""What needs no deed is not in it."""
