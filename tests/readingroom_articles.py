"""Invented articles of three outlets: a copy, an edit, a paywall, three languages, hostile text.

Every text and name in them is made up.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.model import (
    Access,
    Article,
    Attribution,
    Author,
    Block,
    Complete,
    Evidence,
    Image,
    Link,
    Outcome,
    Role,
)

RLO, LRI = "\u202e", "\u2066"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.split("\n\n"))


FRENCH = _paragraphs(
    """
Le pont de Kolonda est fermé depuis l’aube. Les camions attendent sur trois kilomètres, moteurs éteints,
et les chauffeurs jouent aux cartes à l’ombre des remorques.

« Personne ne nous a prévenus de la fermeture », dit Awa Imaginaire, qui vend du thé à l’entrée du pont.
Elle compte les véhicules d’un trait de craie sur le parapet.

La préfecture inventée de Kolonda parle d’une mesure technique. Le péage sera remboursé, assure-t-elle,
sans dire quand ni à qui. Le bac de nuit, lui, continue de passer.

Dans la ville basse, les prix ont monté dès midi. Le marché aux poissons a fermé tôt, faute de glace, et
l’école de la rive gauche a renvoyé les élèves de la rive droite.

Une délégation doit arriver vendredi. Elle visitera les piles du pont, puis la salle des archives, où
dorment les plans de 1931 que nul n’a rouverts depuis.
"""
)
ENGLISH = _paragraphs(
    """
The bridge at Kolonda has been shut since Wednesday, and the river town that lives from its tolls is
counting what it loses by the hour.

Lorries stand nose to tail on the eastern approach. Drivers say they were told of the closing by the men
who lowered the barrier, and by nobody else.

The invented prefecture calls it maintenance. Engineers who asked not to be named, being invented too,
call it overdue.

On the quay the night ferry has doubled its fare. A school on the left bank sent half of its children
home.
"""
)
ARABIC = _paragraphs(
    """
أُغلق جسر كولوندا المتخيَّل منذ فجر الأربعاء، ووقفت الشاحنات على امتداد ثلاثة كيلومترات في انتظار أن
يُفتح الجسر من جديد.

وقالت بائعة شاي من نسج الخيال إن أحدًا لم يُبلغ السائقين بقرار إغلاق الجسر، وإنها تعدّ المركبات بالطباشير
على السور.

وتصف المحافظة المتخيَّلة الأمر بأنه إجراء فني، وتعد بإعادة الرسوم من دون أن تقول متى.
"""
)


def _page(title: str, paragraphs: Sequence[str], language: str = "en", extra: str = "") -> str:
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font-family:serif;max-width:40em;margin:2em auto}h1{color:#124}</style>"
        '<link rel="stylesheet" href="https://cdn.example/site.css"><script>document.title="ran"</script></head>'
        f'<body onload="steal()"><h1>{title}</h1>'
        '<img src="https://cdn.example/p.jpg" alt="Lorries at the bridge">'
        f'{body}<p><a href="https://elsewhere.example/">Read also</a></p>{extra}</body></html>'
    )


def _at(day: str, hour: int = 7) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=32, tzinfo=UTC)


def _article(
    url: str, outlet: str, title: str, texts: Sequence[str], published: datetime | None, **more: Any
) -> Article:
    values: dict[str, Any] = {
        "language": "fr" if outlet != "meridian" else "en",
        "access": Access.FREE,
        "complete": Complete.YES,
        "authors": (Author("Mireille Imaginaire", Role.PERSON),),
        "access_evidence": (Evidence("json-ld", "isAccessibleForFree: true", "free"),),
        "read_by": {"title": "json-ld", "text": "outlet", "published": "json-ld"},
        **more,
    }
    return Article(
        url=url,
        outlet=outlet,
        canonical_url=url,
        title=title,
        published=published,
        blocks=tuple(Block("paragraph", text) for text in texts),
        **values,
    )


def articles() -> list[tuple[Article, datetime, Outcome, str]]:
    wire = _article(
        "https://fleuve.example/fr/pont-de-kolonda-ferme",
        "fleuve",
        "Le pont de Kolonda fermé à la circulation",
        FRENCH,
        _at("2023-08-02", 5),
        authors=(Author("Agence du Fleuve", Role.AGENCY),),
        dateline="KOLONDA, Rivages",
    )
    copy = replace(
        wire,
        url="https://rivage.example/monde/kolonda-pont-ferme",
        canonical_url="https://rivage.example/monde/kolonda-pont-ferme",
        outlet="rivage",
        title="À Kolonda, le pont ferme sans prévenir",
        dateline=None,
        blocks=(*wire.blocks[:4], Block("paragraph", "Notre rédaction suit l’affaire.")),
        attributions=(Attribution("Agence du Fleuve", "republished", "Avec Agence du Fleuve", None),),
    )
    long_read = _article(
        "https://rivage.example/monde/kolonda-peage",
        "rivage",
        "Kolonda : qui gagne au péage, qui perd au pont",
        FRENCH[::-1],
        _at("2023-08-04"),
        kicker="Enquête",
        standfirst="Depuis la fermeture du pont, les comptes de la ville basse ne tombent plus juste."
        " Le péage, lui, rapporte.",
        section="Monde",
        tags=("Kolonda", "ponts", "péage"),
        authors=(Author("Mireille Imaginaire", Role.PERSON), Author("Awa Fictive", Role.PERSON)),
        images=(
            Image(
                "https://cdn.rivage.example/pont.jpg",
                "Le pont de Kolonda, le 3 août 2023.",
                "Jean Inventé",
                "Agence du Fleuve",
                "Images Imaginaires",
            ),
        ),
        links=(
            Link("https://fleuve.example/fr/pont-de-kolonda-ferme", "une mesure technique", 2),
            Link("javascript:alert(document.cookie)", "un piège", 3),
        ),
    )
    edited = replace(
        long_read,
        title="Kolonda : qui gagne au péage, qui perd au pont (actualisé)",
        modified=_at("2023-09-12"),
        blocks=(
            long_read.blocks[0],
            Block(
                "paragraph",
                FRENCH[3].replace("dès midi", "dès l’aube").replace("tôt, faute de glace", "tard"),
            ),
            *long_read.blocks[2:],
            Block("subhead", "Ce qui reste"),
            Block("quote", "Le pont attend."),
            Block("paragraph", "La délégation est repartie sans un mot."),
        ),
    )
    paywalled = _article(
        "https://rivage.example/monde/kolonda-archives",
        "rivage",
        "Les plans oubliés du pont de Kolonda",
        FRENCH[4:],
        _at("2023-09-20"),
        standfirst="Une salle d’archives, une fermeture, et un pont que personne n’a dessiné seul.",
        access=Access.PAYWALLED,
        complete=Complete.NO,
        access_evidence=(
            Evidence("json-ld", "isAccessibleForFree: false", "paywalled"),
            Evidence("sentence", "Pour lire la suite, abonnez-vous.", "paywalled"),
        ),
    )
    english = _article(
        "https://meridian.example/originals/2023/08/river-town-shut-bridge",
        "meridian",
        "A river town and its shut bridge",
        ENGLISH,
        _at("2023-08-09"),
        standfirst="Kolonda lives from a bridge. What does it do when the bridge is closed?",
        authors=(Author("Noor Madeup", Role.PERSON),),
        attributions=(
            Attribution(
                "The Invented Times",
                "read_more",
                "Read more of this report from The Invented Times.",
                "https://times.example/kolonda",
            ),
        ),
    )
    arabic = _article(
        "https://meridian.example/ar/originals/2023/09/kolonda-jisr",
        "meridian",
        "كولوندا: مدينة تعيش من جسر مغلق",
        ARABIC,
        _at("2023-09-14"),
        language="ar",
        standfirst="إغلاق الجسر يوقف السوق، والعبّارة الليلية تضاعف أجرتها.",
        authors=(Author("سليم المخترع", Role.PERSON),),
    )
    hostile = _article(
        "https://meridian.example/originals/2023/09/odd",
        "meridian",
        f'<script>alert("title")</script> {RLO}egdirb{LRI} & the Kolonda bridge',
        [
            '<img src=x onerror="alert(1)"> A bridge at Kolonda, said "nobody".',
            f"Turned {RLO}round and never back.",
        ],
        _at("2023-09-02"),
        standfirst="</p><script>alert('standfirst')</script>",
        authors=(Author('<b onclick="x">Zed Madeup</b>', Role.PERSON), Author("=HYPERLINK(1)", Role.UNKNOWN)),
        tags=('"><script>alert(3)</script>', "=cmd"),
        images=(Image("javascript:alert(2)", "<svg onload=alert(4)>", None, None, None),),
    )
    formula = _article(
        "https://meridian.example/originals/2023/09/formula",
        "meridian",
        '=HYPERLINK("https://evil.example/","Kolonda bridge")',
        ["The bridge of Kolonda, in a cell."],
        None,
        authors=(),
        access=Access.UNKNOWN,
        complete=Complete.UNKNOWN,
        access_evidence=(),
    )
    off_topic = _article(
        "https://rivage.example/sport/regate",
        "rivage",
        "La régate du dimanche sur le lac",
        ["Douze voiles et peu de vent.", "Le comité inventé a reporté l’arrivée."],
        _at("2023-08-20"),
    )
    early = _article(
        "https://rivage.example/monde/kolonda-centenaire",
        "rivage",
        "Le pont de Kolonda, bientôt centenaire",
        ["On annonce une fermeture pour l’été ; nul n’y croit à Kolonda."],
        _at("2023-05-10"),
    )
    quiet = [
        _article(
            f"https://fleuve.example/fr/breve-{n}",
            "fleuve",
            f"Kolonda, jour {n + 1} de la fermeture du pont",
            [
                f"Jour {n + 1} : {FRENCH[n % 5]}",
                f"Les compteurs du pont de Kolonda marquent {n * 7 + 3} camions.",
            ],
            _at("2023-08-03") + timedelta(days=n * 2),
            authors=(Author("Agence du Fleuve", Role.AGENCY),),
        )
        for n in range(9)
    ]
    seen = _at("2023-08-10", 10)
    late = _at("2023-09-30", 8)
    listed = [
        (wire, seen),
        (copy, seen),
        (long_read, seen),
        (english, seen),
        (early, seen),
        (off_topic, late),
        *((each, late) for each in quiet),
        (edited, late),
        (paywalled, late),
        (arabic, late),
        (hostile, late),
        (formula, late),
    ]
    return [
        (
            article,
            at,
            Outcome.PAYWALLED if article.access is Access.PAYWALLED else Outcome.OK,
            _page(
                "A page" if article is hostile else article.title or "",
                article.paragraphs,
                article.language or "en",
                '<iframe src="https://ads.example/"></iframe><form action="https://evil.example/"><input></form>',
            ),
        )
        for article, at in listed
    ]
