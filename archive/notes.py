"""What the crawl knew beside the bytes, as WARC `metadata` records.

A rebuild has only the WARC files. So whatever a row says that the answer itself does not say is written there too:
for which lead a request was made, what robots.txt allowed, which URLs were announced and not taken and why. The
payload is JSON (`application/json`) with a key `hemeroteca` that holds the version of the form. `seq` numbers the notes
of a run: whatever files they lie in, rows come about in the order of runs and numbers.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from archive.model import Kind, Lead, Outcome, Pointer
from archive.times import moment, stamp

FORM = 1
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PARTS = ("lead", "outlets", "same_as")  # values of their own


@dataclass(frozen=True, slots=True)
class OutletNote:
    """What an outlet was at the time of a run; `sources`: (URL, kind) pairs."""

    name: str
    title: str
    home: str
    languages: tuple[str, ...]
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RunNote:
    """The start of a run, or its end when `ended_at` is set; `reason` then says why it ended."""

    run_id: str
    started_at: str | None = None
    ended_at: str | None = None
    reason: str | None = None
    command: str | None = None
    software: str | None = None
    user_agent: str | None = None
    operator: str | None = None
    outlets: tuple[OutletNote, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class CaptureNote:
    """Why an exchange was made and what the rules of its host said. Concurrent to the response record.

    `fidelity`: exact; rebuilt where the bytes were not to be had; withheld where secrets were taken out of the body,
    which is then kept decoded and without chunks. `same_as`: where the earlier record lies that holds the payload of a
    revisit.
    """

    run_id: str
    outlet: str
    kind: Kind
    lead: Lead | None = None
    session: str = "anonymous"
    robots: str | None = None  # allowed | disallowed | unreachable | not_asked
    robots_rule: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    fidelity: str | None = None
    same_as: Pointer | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A lead and what became of it without an answer; outcome None: it waits to be fetched."""

    lead: Lead
    outcome: Outcome | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LeadsNote:
    """Leads that were found, refused or failed, all at one time."""

    run_id: str
    at: str
    decisions: tuple[Decision, ...]
    seq: int = 0


Note = RunNote | CaptureNote | LeadsNote


def pack(note: Note) -> bytes:
    """The payload of the metadata record."""
    match note:
        case RunNote():
            body: dict[str, Any] = {"run": {**_without_none(note), "outlets": [asdict(each) for each in note.outlets]}}
        case CaptureNote():
            capture = _without_none(note)
            if note.lead:
                capture["lead"] = lead_values(note.lead)
            if note.same_as:
                capture["same_as"] = asdict(note.same_as)
            body = {"capture": capture}
        case LeadsNote():
            body = {
                "leads": [
                    {"lead": lead_values(each.lead), "outcome": each.outcome, "reason": each.reason}
                    for each in note.decisions
                ],
                "run_id": note.run_id,
                "at": note.at,
                "seq": note.seq,
            }
    return _JSON.encode({"hemeroteca": FORM, **body}).encode()


def unpack(payload: bytes) -> Note | None:
    """The note in a metadata record; None where the record is not one of ours."""
    try:
        body = json.loads(payload)
        if not isinstance(body, dict) or body.get("hemeroteca") != FORM:
            return None
        if "run" in body:
            run = dict(body["run"])
            return RunNote(**{**run, "outlets": tuple(map(_as_outlet, run.get("outlets", ())))})
        if "capture" in body:
            fields = dict(body["capture"])
            lead, same_as = fields.pop("lead", None), fields.pop("same_as", None)
            return CaptureNote(
                **{**fields, "kind": Kind(fields["kind"])},
                lead=as_lead(lead) if lead else None,
                same_as=Pointer(**same_as) if same_as else None,
            )
        return LeadsNote(
            run_id=body["run_id"],
            at=body["at"],
            seq=body.get("seq", 0),
            decisions=tuple(
                Decision(
                    as_lead(each["lead"]),
                    Outcome(each["outcome"]) if each["outcome"] else None,
                    each["reason"],
                )
                for each in body["leads"]
            ),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _without_none(note: RunNote | CaptureNote) -> dict[str, Any]:
    values = {name: getattr(note, name) for name in note.__dataclass_fields__}
    return {name: value for name, value in values.items() if value is not None and name not in _PARTS}


def _as_outlet(values: dict[str, Any]) -> OutletNote:
    return OutletNote(
        **{
            **values,
            "languages": tuple(values["languages"]),
            "sources": tuple((url, kind) for url, kind in values["sources"]),
        }
    )


def lead_values(lead: Lead) -> dict[str, Any]:
    """A lead as JSON values; what is not known is left out."""
    values = {
        "url": lead.url,
        "outlet": lead.outlet,
        "source": lead.source,
        "kind": lead.kind,
        "title": lead.title,
        "summary": lead.summary,
        "published_at": stamp(lead.published_at),
        "modified_at": stamp(lead.modified_at),
    }
    return {name: value for name, value in values.items() if value is not None}


def as_lead(values: dict[str, Any]) -> Lead:
    """The lead that `lead_values` gave."""
    return Lead(
        **{
            **values,
            "kind": Kind(values["kind"]),
            "published_at": moment(values.get("published_at")),
            "modified_at": moment(values.get("modified_at")),
        }
    )
