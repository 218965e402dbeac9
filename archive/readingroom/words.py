"""The closed lists of the archive in words that a reader understands."""

import re

# What became of a URL: guarantees' closed list, and `waiting` for a row without an outcome.
OUTCOMES = {
    "ok": "taken: the whole answer, used as intended",
    "not_modified": "unchanged since the earlier capture, which stands",
    "redirected": "led to another address, which has a row of its own",
    "skipped": "announced, but not fetched by a rule of the archive",
    "not_html": "an answer of a kind that is not read",
    "empty": "the whole answer came, with no usable text in it",
    "text_incomplete": "text that is in the page is missing from what was read",
    "parse_failed": "the page could not be read; its record is kept",
    "undecodable": "the answer's coding is not what it claims to be",
    "paywalled": "an offer or a cut stands in place of the text",
    "wall": "a consent wall, a challenge or a login page came instead",
    "soft_404": "“not found”, said with the status of success",
    "http_error": "the server refused or failed, after the retries allowed",
    "deferred": "told to come back later than a run may wait, or the budget ended",
    "timeout": "no whole answer within the time allowed",
    "truncated": "fewer bytes came than promised; never taken for whole",
    "too_large": "larger than the limit",
    "bad_http": "the answer was not proper HTTP",
    "connect_error": "no connection could be made",
    "tls_error": "no safe connection could be made",
    "redirect_loop": "redirects that lead in a circle",
    "blocked_robots": "robots.txt does not allow it",
    "blocked_address": "a private address, never asked",
    "trap": "an endless maze of links, left alone",
    "bad_feed": "a feed or sitemap that cannot be read",
    "waiting": "announced, not asked for yet",
}

ACCESS = {
    "free": "free to read",
    "metered": "metered",
    "paywalled": "behind a paywall",
    "unknown": "access unknown",
}

COMPLETE = {
    "yes": "The whole text is in the page that was sent.",
    "no": "The page that was sent holds only a part of the text.",
    "unknown": "Whether the page held the whole text is not known.",
}

RELATIONS = {
    "copy": "nearly the same text",
    "excerpt": "one text stands within the other",
    "translation": "a translation",
    "event": "the same event",
}

ATTRIBUTIONS = {
    "read_more": "the page points to its report",
    "republished": "its text is republished",
    "with": "written with its material",
}

DECISIONS = {
    "match": "on topic",
    "maybe": "perhaps on topic",
    "reject": "not on topic",
    "manual": "chosen by hand",
}

VERDICTS = {
    "yes": "it belongs to the topic",
    "no": "it does not belong to the topic",
    "unsure": "cannot be said",
}

STRATA = {
    "taken": "taken",
    "below": "just below min_score",
    "far": "far below min_score",
    "rejected": "rule not met",
}

# The codes of `archive.matching`, which stand in the reasons of matches and leads
REASONS = {
    "rule_met": "the rule is met",
    "by_hand": "a person said so",
    "rule_not_met": "the rule is not met",
    "below_min_score": "the score is under the minimum",
    "concept_missing": "no word for",
    "masked": "only in phrases that are left out",
    "not_near": "the words stand further apart than",
    "out_of_window": "outside the dates of the topic",
    "other_outlet": "the topic leaves out",
    "date_unknown": "its date is not known",
    "no_term_in_summary": "no word of the topic in title and summary",
    "no_term_in_url": "no word of the topic in the address",
}
_CODE = re.compile(rf"\b({'|'.join(REASONS)})\b")

FIELDS = {
    "title": "title",
    "standfirst": "standfirst",
    "text": "text",
    "published_at": "date of publication",
    "modified_at": "date of change",
    "access": "access",
    "complete": "completeness",
}

FIDELITY = {
    "exact": "byte for byte as it came",
    "rebuilt": "put together again: the bytes as they came were not to be had",
}

LANGUAGES = {
    "am": "Amharic",
    "ar": "Arabic",
    "bn": "Bengali",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "ff": "Fulfulde",
    "fr": "French",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "so": "Somali",
    "sw": "Swahili",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "yo": "Yoruba",
    "zh": "Chinese",
}
# ISO 639 codes of languages that are written from right to left
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def language(code: str | None) -> str:
    """'French' for 'fr' and 'fr-FR'; the code where it has no name here; 'language unknown' for None."""
    if not code:
        return "language unknown"
    return LANGUAGES.get(code.partition("-")[0].lower(), code)


def direction(code: str | None) -> str:
    """The `dir` attribute for a text in that language; 'auto' where the language is unknown."""
    if not code:
        return "auto"
    return "rtl" if code.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def month(key: str | None) -> str:
    """'August 2023' for '2023-08', 'date unknown' for None and ''."""
    if not key:
        return "date unknown"
    year, _, number = key.partition("-")
    if not number.isdigit() or not 1 <= int(number) <= 12:
        return key
    return f"{MONTHS[int(number) - 1]} {year}"


def day(stamp: str | None) -> str:
    """'4 August 2023' for a stamp or a day in ISO 8601, 'date unknown' for None."""
    if not stamp:
        return "date unknown"
    year, number, rest = (*stamp[:10].split("-"), "", "")[:3]
    if not (number.isdigit() and rest.isdigit() and 1 <= int(number) <= 12):
        return stamp
    return f"{int(rest)} {MONTHS[int(number) - 1]} {year}"


def moment(stamp: str | None) -> str:
    """'4 August 2023, 07:32 UTC' for a stamp; a day alone stays a day; 'date unknown' for None."""
    if not stamp or len(stamp) < 16:
        return day(stamp)
    return f"{day(stamp)}, {stamp[11:16]} UTC"


def size(count: int | None) -> str:
    """'3.4 MB' for bytes, in powers of ten."""
    if count is None:
        return "unknown"
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


def because(reason: str) -> str:
    """A stored reason with its codes in words."""
    return _CODE.sub(lambda code: REASONS[code[1]], reason)


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 article', '1,204 articles'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
