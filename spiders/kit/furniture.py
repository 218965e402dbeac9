"""Sentences that belong to the page and not to the article, by name, in the languages of the press.

They are taken out of the text where they fill a whole block. Some are evidence: `gate` and `free` say so.
"""

import re

from spiders.kit.words import one_line

_SKIP = re.compile(
    r"^(?:skip to (?:main )?content|skip (?:to )?(?:navigation|main)|aller au contenu(?: principal)?|zum "
    r"(?:haupt)?inhalt(?: springen)?|"
    r"saltar al contenido|ir al contenido|vai al contenuto|jump to content|تخطي إلى المحتوى|"
    r"(?:partager|share|teilen|compartir|condividi)(?: (?:this|cet|sur|on|via|l['’]article).{0,40})?|"
    r"(?:print|imprimer|drucken)(?: (?:this|cet|l['’])\s?(?:article|page))?|advertisement|publicité|"
    r"anzeige|werbung|publicidad|annonce|reklama|"
    r"(?:advertisement|ad|publicité|anzeige)\s*[·•|–—-]+\s*(?:scroll|continue|article continues).{0,40}|"
    r"advertisement\b.{0,24}story continues below.{0,20}|\(?(?:quellen?|sources?) ?: ?[\w/., -]{2,50}\)?|"
    r"copy link|copier le lien|link copied|opens in (?:a )?new (?:tab|window)|"
    r"(?:article )?continues? (?:below|after) (?:the )?(?:ad\w*|this advertisement)?|story continues "
    r"below.{0,30}|"
    r"la suite après (?:cette|la) publicité|loading\.{0,3}|chargement.{0,20}|"
    r"your browser does not support (?:the )?(?:html5 )?(?:audio|video).{0,30}|"
    r"temps de lecture\W.{0,12}|lecture audio.{0,40}|(?:reading|read) time\W.{0,12}|\d+ min(?:ute)?s?[- "
    r"]read|lese(?:zeit|dauer)\W.{0,12}|écouter (?:cet |l['’])?article.{0,20}|listen to (?:this )?article.{0,20}|"
    r"retrouvez[- ]nous sur.{0,20}|(?:-\s*)?(?:youtube|facebook|twitter|instagram|tik ?tok|linkedin|"
    r"threads|whatsapp)\s*:?\s*(?:https?://\S+)?|https?://\S+|www\.\S+|"
    r"(?:share|like) this:?|like loading\.{0,3}|(?:donate|subscribe|join|sign up)(?: now| today)?|faire un don|"
    r"(?:tweet|reply|répondre|antworten|responder|abonnez-vous)|"
    r"contribuer|a voir|à voir|(?:à voir|à lire) (?:aussi|également) sur .{1,40}|à suivre|se connecter|"
    r"s['’]abonner|je m['’]abonne|sign in|log in|subscribe|"
    r"(?:you (?:need|have) to |you must |please )?(?:enable|activate|activez) javascript.{0,80}|"
    r"(?:(?:veuillez|vous devez) activer|bitte aktivieren sie|(?:this|ce|cette) \w+ (?:requires|needs|nécessite)) "
    r"javascript.{0,80}|javascript (?:is|must be) (?:required|disabled|enabled).{0,80}|"
    r"\d+ (?:comments?|commentaires?|kommentare?|comentarios?)|(?:leave|post) a comment|laisser un "
    r"commentaire|comments|join (?:our|the) (?:commenting|conversation|discussion).{0,40}|"
    r"\d{1,3} ?(?:of|/|sur|von|de|di|van) ?\d{1,3}|(?:have|got) a (?:news )?tip\?.{0,120}|"
    r"this is a (?:breaking|developing)(?: news?| new)? story\b.{0,60}|plus d['’]informations? à venir|"
    r"from the .{4,30} edition|explore the edition|terms (?:of service|and privacy).{0,30}|privacy policy.{0,10}|"
    r"(?:photo|image|picture|foto|bild|crédit photo|photo credit|crédits?|imagen)s? ?(?:by|credit|credits|courtesy)? ?"
    r"[:/|©] ?\S.{1,60}|this site is protected by recaptcha.{0,90})[\s.:!…>»]*$",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^(?:[>»→•▶►\s\-–—]*)(?:\(re\)\s?lire(?: aussi)?|(?:[àa] )?relire(?: aussi)?|"
    r"(?:[àa] )?lire (?:aussi|également|encore|la suite|notre|nos|plus)|[àa] (?:lire|voir|"
    r"écouter|relire) (?:aussi|également|sur)?|voir (?:aussi|également)|"
    r"(?:read|see|watch|listen) (?:also|more|next)|also read|related(?: (?:stories|articles?|content|"
    r"topics))?|more (?:on this|from|stories)|read this next|"
    r"recommended(?: (?:stories|for you))?|lesen sie (?:auch|hier|mehr)|mehr (?:zum thema|dazu)|lea "
    r"(?:también|más)|leer (?:también|más)|te puede interesar|"
    r"leggi anche|leia (?:também|mais)|lees ook|les også|läs (?:också|mer)|baca juga|"
    r"(?:اقرأ|إقرأ|شاهد|طالع) أيض\u064b?ا\u064b?|"
    r"siehe auch|auch interessant|das könnte sie (?:auch )?interessieren|(?:vea|ver|lee|mire) también|"
    r"noticias relacionadas|vedi anche|guarda anche|veja (?:também|mais)|saiba mais|"
    r"[iİ]lg[iİ]l[iİ] haber(?:ler)?|ayrıca (?:okuyun|bakınız)|karanta (?:kuma|wannan|karin bayani)|duba kuma|"
    r"(?:مواضيع|أخبار) ذات صلة|читайте также|czytaj też)(?!\w)"
    r"\s*(?:[:：|>»–—-]|$)",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"^(?:this article is (?:freely available|free to read|free for all|open to all)|"
    r"(?:cet article est|article) (?:en (?:accès libre|libre accès)|(?:librement|gratuitement) "
    r"(?:accessible|consultable|lisible)|accessible (?:librement|gratuitement|à tous)|gratuit|offert)|"
    r"(?:la lecture de )?cet article (?:vous )?est (?:libre(?: d['’]accès)?|gratuite?|ouvert à "
    r"tous(?:·tes)?)|(?:en )?accès libre|article en accès libre|"
    r"este artículo es (?:de acceso (?:libre|gratuito)|gratuito)|dieser artikel ist (?:frei (?:zugänglich|"
    r"verfügbar)|kostenlos)|"
    r"questo articolo è (?:gratuito|ad accesso libero))[\s.!]*$",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"(?:la lecture des articles est réservée aux abonné|(?:cet |l['’])?article (?:est )?réservé (?:à nos |"
    r"aux |à tous les )?abonné|la suite (?:de (?:cet|l['’])\s?article )?est réservée|"
    r"déjà abonnée?(?:·e)? ?\?|il (?:vous )?reste \d{1,2}([.,]\d+)? ?% de (?:cet|l['’]|ce)|pour lire la "
    r"suite|(?:débloquez|poursuivez) (?:cet|votre|la) (?:article|lecture)|contenu (?:est )?réservé (?:à nos |"
    r"aux )abonné|"
    r"vous avez (?:lu|atteint|épuisé) (?:tous )?(?:vos|votre|la limite)[^.]{0,30}(?:articles? (?:gratuits?|offerts?)|"
    r"limite)|"
    r"accéde[zr] à l['’](?:intégralité|ensemble) de (?:cet|l['’])\s?article|devez être abonné|"
    r"abonnez-vous pour (?:lire|continuer|poursuivre|débloquer)|"
    r"(?:subscribe|sign in|log in|register|sign up|become a (?:member|subscriber))(?: now| today)? to (?:continue|keep|"
    r"read|unlock|access|view)|subscribe (?:now )?for (?:full|unlimited) access|unlock (?:this|the full) (?:article|"
    r"story)|"
    r"want to (?:read|see) more\?|only (?:our )?(?:subscribers|members) can read|exclusive (?:content )?for (?:our )?"
    r"(?:subscribers|members)|you need a subscription|(?:this|it) is a (?:premium|subscriber) (?:article|story)|"
    r"read the (?:full|whole|rest of (?:the|this)) (?:article|story) with|"
    r"(?:^|[.!?:] )(?:subscribe|sign up|register) (?:to|with|for) [^.?!]{2,40}? to (?:continue|keep|read|unlock|"
    r"access)|"
    r"(?:this|the) (?:article|story|content|post|page) is (?:(?:only )?(?:available )?(?:exclusively )?(?:for|to)|"
    r"reserved for|exclusive to|behind) (?:our |paying |paid |premium )*(?:subscribers|members|pro)\b|"
    r"(?:subscriber|member)s?[- ]only (?:article|content|story)|already a (?:subscriber|member)\?|you(?:['’]ve| have) "
    r"(?:reached|read|used(?: up)?) (?:all )?(?:of )?(?:your|the) (?:monthly )?(?:limit|free|last|\d{1,2} free)|"
    r"you(?:['’]ve| have) (?:read|used) \d{1,2} (?:out )?of (?:your )?\d{1,2} (?:free )?articles|to (?:read|"
    r"continue reading) (?:the (?:full|rest)|"
    r"this)[^.]{0,40}(?:subscribe|sign|log)|"
    r"continue reading (?:this (?:article|story) )?with|get (?:unlimited|full) access|"
    r"nur für abonnenten|exklusiv für (?:unsere )?abonnent|jetzt abonnieren und (?:weiter)?lesen|"
    r"jetzt weiterlesen mit|(?:artikel|inhalt) ist (?:nur )?für (?:abonnent|plus)|"
    r"weiterlesen mit|contenido (?:exclusivo )?para suscriptores|"
    r"(?:este|el) artículo es (?:exclusivo |solo )?para suscriptores|suscríbete para (?:seguir )?leyendo|"
    r"para (?:continuar|seguir) leyendo,? suscr|"
    r"hazte (?:socio|premium) para|"
    r"(?:contenuto|articolo) riservato agli abbonati|abbonati per (?:continuare|leggere)|conteúdo "
    r"exclusivo para assinantes|هذا المقال (?:متاح|مخصص) للمشتركين|للمشتركين فقط|abonelere özel)",
    re.IGNORECASE,
)
GATE_WORDS = (
    "bonn", "ubscri", "gn in", "gn up", "og in", "ember", "uscr", "ssinant", "bbona", "egist", "nlimited",
    "ull access", "reste", "limit", "eiter", "lire la suite", "ree article", "remium", "nlock", "ant to", "ffert",
    "ratuit", "intégralité", "ull article", "ull story", "hole article", "hole story", "est of", "boneler",
    "ébloquez", "oursuivez", "ontinue reading", "azte", "مشترك",
)  # fmt: skip
"""Of which a sentence that _GATE finds has one: what is cheap to look for comes first."""
_BADGE = re.compile(
    r"^(?:(?:article |contenu )?réservée?s? (?:à nos |aux )abonné(?:[·.]e[·.]?|e|\(e\))?s|(?:for )?subscribers? only|"
    r"(?:for )?members? only|(?:article )?(?:premium|abonnés?)|solo (?:para )?suscriptores|nur für abonnenten|"
    r"(?:solo )?per abbonati|(?:exclusivo )?para assinantes|abonelere özel|"
    r"(?:already have an account|déjà (?:un compte|inscrite?)|haben sie (?:bereits|schon) ein konto|"
    r"¿?ya tienes? (?:una )?cuenta|hai già un account|já tem (?:uma )?conta|zaten üye misiniz) ?\?.{0,30}|"
    r"هل لديك حساب ?؟.{0,30})[\s.!]*$|"
    r"\d.{0,100}\b(?:cancel (?:at )?any ?time|sans engagement|résiliable à tout moment|jederzeit kündbar|"
    r"cancela cuando quieras|disdici quando vuoi|cancele quando quiser)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^(?:before you go|avant de (?:nous quitter|partir)|bevor sie gehen|antes de (?:irte|irse|que te vayas)|"
    r"prima di andare|support (?:us|our (?:work|journalism|newsroom))|soutenez[- ](?:nous|notre [\w ]{3,30})|"
    r"unterstützen sie uns|apóyanos|sostienici|apoie-nos|bizi destekleyin|ادعمنا|leave a (?:comment|reply)|"
    r"join the conversation|laissez? un commentaire|schreiben sie einen kommentar|deja un comentario|"
    r"lascia un commento|deixe um comentário|bir yorum yazın?|اترك (?:تعليقا|رداً?))[\s.:!…]*$",
    re.IGNORECASE,
)
_STYLE = re.compile(r"^[.#@][\w-]+[^{}]{0,200}\{[^{}]{0,2000}[:;][^{}]{0,2000}\}")
_QUOTE = re.compile(r"[“«„\"‘‹]\s*$")
_PRICE = re.compile(
    r"^(?:only |just |pour |dès |à partir de |for |from |ab |desde |nur |à "
    r")*(?:[$€£]\s?\d+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?\s?(?:€|\$|£|euros?|dollars?|usd|eur))\s?"
    r"(?:\*|/|per |par |a |the |pour |pro |al |the first |(?:le |les )?(?:premier|1er)s? "
    r")?\s?\w*\s?\w*\s?\w*[.!*]*$",
    re.IGNORECASE,
)
_COOKIE = re.compile(
    r"\b(?:we (?:and our (?:\d+ )?partners )?use cookies|nous (?:utilisons|et nos (?:\d+ )?partenaires)|"
    r"cookies? (?:policy|settings|preferences)|"
    r"paramétrer (?:les|vos) cookies|accepter (?:les|tous les) cookies|gérer (?:mes|vos) cookies|wir "
    r"verwenden cookies|utilizamos cookies|utilizziamo i cookie)",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"^(?:empfohlener (?:redaktioneller|externer) inhalt|ich bin damit einverstanden, dass (?:mir )?(?:der |"
    r"die )?extern|an dieser stelle (?:finden sie|befindet sich|steht) (?:ein(?:en)?|relevante) (?:extern|relevante|"
    r"von der redaktion)|"
    r"(?:l['’]affichage de )?ce contenu (?:est bloqué|a été bloqué|n['’]a pas pu être (?:chargé|affiché)|"
    r"est (?:fourni|hébergé) par)|en cliquant sur .{0,30}j['’]accepte|"
    r"(?:this|the) (?:content|article|video|post) (?:is|contains content) (?:hosted|provided|supplied) by .{2,40}\b"
    r"(?:cookies|permission|consent)|"
    r"(?:to|in order to) view this (?:content|video|post|tweet)\b|we ask for your permission before anything is loaded|"
    r"este contenido (?:está bloqueado|no se puede mostrar)|questo contenuto (?:è bloccato|non))",
    re.IGNORECASE,
)
_NEWSLETTER = re.compile(
    r"^(?:sign up (?:for|to) |subscribe to (?:our|the)|inscrivez-vous (?:à|pour)|recevez (?:chaque|toute|"
    r"notre)|abonnez-vous (?:à|pour)|"
    r"get (?:the latest|our) .{0,60}(?:inbox|newsletter)|newsletter\b|join our (?:community|newsletter|"
    r"channel)|suivez[- ]nous|follow us|"
    r"suscr[ií]b(?:ase|ete)\b|recib[ae] (?:nuestr|las (?:últimas )?noticias)|iscriviti\b|inscreva-se\b|"
    r"receba (?:as (?:últimas )?notícias|noss)|abonnieren sie\b|bültenimize\b|"
    r"(?:rejoignez(?:-nous)?|suivez|join|follow|únete|únase|unisciti|katılın|seguici|síguenos|siga-nos)\b.{0,40}"
    r"\b(?:whatsapp|telegram|facebook|instagram|cha[iî]ne|channel|canal|canale)\b|"
    r"اشتركوا? (?:في|ب) ?(?:نشرتنا|النشرة|قناتنا)|(?:تابعونا|تابعنا) (?:على|عبر)|انضموا? إلى (?:قناتنا|مجموعتنا)|"
    r"melden sie sich|jetzt newsletter)",
    re.IGNORECASE,
)


_NOTICE = re.compile(
    r"^(?:by (?:submitting|clicking|signing|entering|subscribing|providing)\b.{0,80}\b(?:agree|consent|accept)|"
    r"this article (?:first |originally )?appeared in .{0,80}(?:print edition|under the headline)|"
    r"originally published as\b|this (?:story|article) was originally published|©|\(c\) \d{4}|copyright\b.{0,40}\d{4})|"
    r"\bwe (?:may|might) (?:earn|receive|get|make) (?:an? |some )?(?:small )?(?:affiliate )?(?:commissions?|payments?)|"
    r"\bmay earn us (?:an? )?(?:affiliate )?commission|all rights reserved\.?$",
    re.IGNORECASE,
)
_NOTICE_WORDS = (
    "agree",
    "consent",
    "accept",
    "ppeared in",
    "riginally published",
    "©",
    "(c)",
    "opyright",
    "ommission",
    "ights reserved",
    "payment",
)
_APPEAL = re.compile(
    r"\bas little as [$€£]\d|help keep (?:news|our journalism) free|(?:please )?(?:consider )?(?:making|"
    r"make) a (?:one-time |monthly |recurring )?(?:donation|contribution)\b.{0,60}(?:support|today|help)|"
    r"support our (?:newsroom|journalism|work|reporting)|your (?:contribution|support|donation) (?:will|"
    r"helps?|makes?|allows?)|we (?:can(?:no|['’])t|cannot) do this without (?:you|your)|"
    r"we believe that everyone (?:needs|deserves)|if (?:everyone|every one|each of you) who (?:reads|is reading) this|"
    r"(?:please )?consider (?:making )?a (?:small )?(?:donation|gift|contribution)\b|our fundraiser\b|"
    r"(?:please )?consider supporting [^.]{2,40} with\b|faites un don|(?:soutenez|soutenir) (?:notre|nos|la "
    r"rédaction|le journal)|unterstützen sie (?:uns|unseren)|apoya (?:nuestro|a nuestr)",
    re.IGNORECASE,
)


def is_furniture(text: str) -> bool:
    """Whether a whole block is the page's and not the article's."""
    text = one_line(text)
    if text[:1] in (".", "#", "@") and _STYLE.match(text):
        return True
    if len(text) > 400:
        return False
    return bool(
        not text
        or _SKIP.match(text)
        or _FREE.match(text)
        or (len(text) < 260 and _ALSO.match(text))
        or (len(text) < 70 and _PRICE.match(text))
        or (len(text) < 160 and _BADGE.search(text))
        or (len(text) < 300 and ("ookie" in text or "artenaires" in text) and _COOKIE.search(text))
        or (len(text) < 600 and _CONTENT.match(text))
        or (len(text) < 220 and _NEWSLETTER.match(text))
        or (len(text) < 320 and any(word in text for word in _NOTICE_WORDS) and _NOTICE.search(text))
        or is_gate(text)
    )


def _may_appeal(text: str) -> bool:
    return (
        "little as" in text
        or "onat" in text
        or "ontribution" in text
        or "ournal" in text
        or "upport" in text
        or "everyone" in text
        or "undrais" in text
        or "onsider" in text
        or "outen" in text
        or "do this without" in text
        or "faites un don" in text.casefold()
        or "nterstützen" in text
        or "poya" in text
    )


def may_gate(text: str) -> bool:
    """A cheap test before the patterns of gates, so that ordinary lines cost next to nothing."""
    return any(word in text for word in GATE_WORDS)


def opens_tail(text: str) -> bool:
    """Whether a subhead opens what stands below an article: an appeal, or the readers' replies."""
    return len(text) < 60 and _TAIL.match(one_line(text)) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a block is furniture, or one of the longer texts that no article has: an appeal for donations."""
    return is_furniture(text) or (len(text) < 900 and _may_appeal(text) and _APPEAL.search(text) is not None)


def is_gate(text: str) -> bool:
    """Whether a short text says that the rest is for subscribers: in its own words, and not as one that it quotes."""
    text = one_line(text)
    if not (0 < len(text) < 300 and may_gate(text)):
        return False
    found = _GATE.search(text)
    if found is None or (found.start() > 80 and len(text) > 160):
        return False
    before = text[: found.start()]
    return not (_QUOTE.search(before) or before.count("“") > before.count("”") or before.count("«") > before.count("»"))


def is_free(text: str) -> bool:
    """Whether a short text says that the article is free for all."""
    return _FREE.match(one_line(text)) is not None
