"""Answers with status 200 that are no article: challenges, consent walls, login pages, "not found" pages, lists."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Article, Outcome
from spiders.kit.index_pages import is_index, is_teaser
from spiders.kit.places import key
from spiders.kit.words import one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_CHALLENGE_MARKUP = re.compile(
    r"cf-challenge|cf_chl_|challenge-platform|cf-browser-verification|captcha-delivery\.com|geo\.captcha|"
    r"px-captcha|_pxCaptcha|perimeterx|"
    r"_Incapsula_Resource|distil_r_captcha|/_sec/cp_challenge|sec-cpt|ak-challenge|awswaf|aws-waf-token|"
    r"ddos-guard|hcaptcha\.com|"
    r"recaptcha/api|g-recaptcha|h-captcha|cf-turnstile|datadome|kasada|ips\.js\?",
    re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(
    r"just a moment|(?:check|verify)ing (?:your browser|if the site connection)|your browser is being (?:checked|"
    r"verified)|"
    r"verif(?:y|ying) (?:that )?you are (?:a )?human|(?:confirm|prove|make sure|making sure) (?:that )?you(?:['’]re|"
    r" are) "
    r"(?:a |not a )?(?:human|real|bot|robot|machine)|are you (?:a robot|human)|robot or human|not a (?:ro)?bot\b|"
    r"not a machine|"
    r"security verification|client challenge|malicious bots|looks automated|automated (?:requests|traffic|access)|"
    r"requires? javascript and cookies|enable js and disable any ad ?blocker|"
    r"enable javascript and cookies to continue|attention required|access (?:to this page has been "
    r")?denied|pardon our interruption|"
    r"unusual (?:traffic|activity)|security check|prove you(?:'|’)re (?:not a robot|human)|bot "
    r"(?:verification|detection|protection)|ddos protection|"
    r"please (?:complete|solve) the (?:captcha|security)|robot check|human verification|request (?:blocked|"
    r"unsuccessful)|you have been blocked|"
    r"un instant|vérification (?:de (?:votre|la) (?:navigateur|connexion)|de sécurité|humaine)|vous "
    r"n['’]êtes pas un robot|êtes-vous un (?:robot|humain)|vérifi(?:ons|er) (?:que vous|votre navigateur)|"
    r"accès (?:refusé|bloqué)|"
    r"activité (?:inhabituelle|suspecte)|prouve[zr] que vous|einen moment|überprüfung|sind sie ein mensch|"
    r"kein (?:ro)?bot|zugriff verweigert|un momento|no (?:eres|es|soy) un (?:ro)?bot|"
    r"verificando|comprobando su navegador|acceso denegado|non sei un (?:ro)?bot|não é um robô|robot olmadığınız|"
    r"nie jesteś robotem|вы не робот|لست روبوت|التحقق من",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"\b(?:cookies?|consent\w*|privacy|personal data|données personnelles|vie privée|confidentialité|"
    r"partenaires|partners|vendors|gdpr|rgpd|dsgvo|"
    r"datenschutz|einwilligung|zustimm\w+|accept\w*|akzeptieren|aceptar|accetta\w*|refus\w+|reject\w*|"
    r"ablehnen|rechazar|preferences|paramétr\w+|traceurs|trackers?|"
    r"before you continue|privacidad|consentimiento|consenso|privacidade|dados pessoais|parceiros|consentimento|"
    r"aceit\w+|"
    r"rejeitar|toestemming|persoonsgegevens|weiger\w*|çerez\w*|gizlili\w+|kişisel veri\w*|kabul|reddet\w*|"
    r"prywatno\w+|dan(?:e|ych) osobow\w+|zgod\w+|akceptuj\w*|odrzu\w+|куки|персональн\w+ данн\w+|согласи\w*|принять|"
    r"ملفات تعريف الارتباط|(?:ب|لل?|ال)?خصوصي\w*|البيانات الشخصية|(?:ب|ال)?مواف\w+|شركاؤنا|قبول|رفض)\b",
    re.IGNORECASE,
)
_LOGIN_WORDS = re.compile(
    r"\b(?:log ?in|sign ?in|login|password|mot de passe|identifi\w+|se connecter|connexion|connectez|"
    r"anmelden|passwort|einloggen|iniciar sesión|contraseña|"
    r"accedi|inloggen|wachtwoord|senha|iniciar sessão|giriş yap|oturum aç|şifre\w*|zaloguj\w*|hasło|пароль|войти|"
    r"تسجيل الدخول|كلمة (?:السر|المرور))\b",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b(?:404|410)\b|(?:page|article|content|story|document|url|file)\b.{0,40}\b(?:not (?:be )?found|"
    r"(?:does not|doesn['’]t|no longer) exists?|(?:cannot|can['’]t|could(?: not|n['’]t)) (?:be )?f(?:i|ou)nd|"
    r"unavailable|(?:is not|isn['’]t|not|no longer) (?:available|online|here)|has been (?:removed|deleted|moved)|"
    r"is (?:gone|missing))|"
    r"\bnot found\b|\bnothing (?:was )?(?:found|here)|we (?:can['’]t|cannot|could ?n[o']t) (?:seem to )?find|"
    r"looks like you['’]re lost|page introuvable|"
    r"introuvable|n['’](?:existe|est) (?:pas|plus)(?: disponible)?|n['’]a pas (?:été|pu être) trouvée?|"
    r"n['’]avons pas (?:pu )?trouv|page non trouvée|contenu indisponible|"
    r"aucun (?:résultat|contenu)|"
    r"nicht gefunden|existiert nicht|nicht (?:mehr )?verfügbar|no (?:se ha )?encontrad[ao]|no existe|no encontramos|"
    r"página no|non trovat[ao]|pagina inesistente|pagina .{0,30}\bnon esiste|não encontrad[ao]|"
    r"página .{0,30}\bnão existe|"
    r"niet gevonden|pagina bestaat niet|sid(?:an|en|a) (?:kunde inte|finns inte|hittades inte|bl(?:ev|e) ikke fun|"
    r"finnes ikke|"
    r"findes ikke)|ei löyty|nie (?:istnieje|znaleziono|została znaleziona)|nenalezen|nem található|nu a fost găsit|"
    r"bulunamadı|δεν βρέθηκε|не (?:найден|знайден|е намерен)|страниц[аы] не существует|לא נמצא|"
    r"غير موجود|لم يتم العثور|الصفحة المطلوبة|یافت نشد|नहीं मिल|"
    r"(?:页面|网页|頁面|文章|内容).{0,8}(?:不存在|未找到|找不到|已删除)|找不到.{0,8}(?:页面|网页|頁面|文章|内容)|"
    r"見つかりません|찾을 수 없|ไม่พบหน้า|không tìm thấy|tidak ditemukan|haukupatikana|haikupatikana|ba a sam[oiu]",
    re.IGNORECASE,
)


_ELSEWHERE = re.compile(
    r"unavailable (?:due to|for) legal reasons|(?:not (?:currently )?available|unavailable) in your (?:country|region|"
    r"location)|attempting to access this website from a country|n['’]est pas (?:disponible|accessible) dans votre "
    r"(?:pays|région)|in (?:ihrem|deinem) land nicht verfügbar|no está disponible en (?:su|tu) (?:país|región)|"
    r"non è disponibile nel tuo paese|não está disponível no seu país|ülkenizde kullanılamıyor|غير متاح في بلدك",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:under|down for|en|in|im) (?:scheduled |planned )?(?:maintenance|mantenimiento|manutenzione|wartungsmodus)\b|"
    r"maintenance mode|(?:site|page) (?:est|is) (?:momentanément|temporairement|temporarily|currently) "
    r"(?:indisponible|unavailable)|wartungsarbeiten|em manutenção|bakım (?:çalışması|modu)|تحت الصيانة|"
    r"account (?:has been )?suspended|domain (?:name )?(?:may be|is) (?:for sale|parked)|buy this domain|"
    r"domaine est (?:à vendre|en vente)|error establishing a database connection|bandwidth limit exceeded|"
    r"welcome to nginx|apache2? .{0,20}default page",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"\burl\s*=", re.IGNORECASE)
_AGREE = re.compile(
    r"accept|agree|consent|continue|allow|reject|refus|akzept|zustimm|acept|accett|autoris|d['’]accord|موافق|قبول|"
    r"save|settings|manage|paramétr|"
    r"aceit|kabul|akceptuj|zgadzam|принять|соглас",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Refusal:
    """Why a page is no article."""

    outcome: Outcome
    reason: str


def refusal(page: "Page", article: Article) -> Refusal | None:
    """What stands in place of an article, None where nothing does.

    A page whose data name an article, and that has one, is one, whatever its words.
    """
    words = len(article.text.split())
    if is_index(page, article.blocks):
        return Refusal(Outcome.EMPTY, "the page lists articles and is none")
    named = bool(page.ld.article.get("headline")) or page.meta("og:type") == "article"
    dated = article.published is not None or article.published_day is not None
    if named and (words >= 80 or (dated and words >= 40)):
        return None
    seen = one_line(" ".join(page.said[:3000]))[:6000]
    total = len(seen.split())
    headings = [one_line(heading.text_content()) for heading in page.doc.xpath("//h1|//h2")[:4]]
    heading = " ".join([article.title or "", page.doc.findtext(".//title") or "", *headings])[:600]
    told = _tells(page, article)
    if not told and total < 200 and _ELSEWHERE.search(f"{heading} {seen[:600]}"):
        return Refusal(Outcome.WALL, "the page is closed to readers of the country it was asked from")
    if not told and total < 80 and not named and _CLOSED.search(f"{heading} {seen}"):
        return Refusal(Outcome.EMPTY, "the server speaks in place of the newspaper")
    if _is_challenge(page, heading, seen, total, told):
        return Refusal(Outcome.WALL, "a bot challenge stands in place of the page")
    if words < 120 and total < 500 and not told and not (named and dated) and _NOT_FOUND.search(heading):
        return Refusal(Outcome.SOFT_404, "the page says that there is nothing at this address")
    if (
        total < 400
        and words < 120
        and not told
        and _asks_for_password(page)
        and _LOGIN_WORDS.search(f"{heading} {seen[:600]}")
    ) or (not told and not named and total < 80 and _asks_who_you_are(page, heading)):
        return Refusal(Outcome.WALL, "a login page stands in place of the page")
    if _is_consent(page, seen, total) and not (named and dated):
        return Refusal(Outcome.WALL, "a consent wall stands in place of the page")
    if total < 80 and not told and not named and _NOT_FOUND.search(seen):
        return Refusal(Outcome.SOFT_404, "the page says that there is nothing at this address")
    if total < 60 and not told and not named and _REFRESH.search(" ".join(page.metas.get("refresh", ()))[:300]):
        return Refusal(Outcome.EMPTY, "the page has no text and sends its readers on")
    if words < 20 and len(article.text) < 120 and article.blocks and not dated and _are_links(page, article):
        return Refusal(Outcome.EMPTY, "the page has links and no text to read")
    return None


def _are_links(page: "Page", article: Article) -> bool:
    """Whether each block of the text is a link to another page of the site."""
    found = [page.places.get(key(block.text)) for block in article.blocks]
    return all(place is not None and place.linked >= 0.9 for place in found)


def _tells(page: "Page", article: Article) -> bool:
    """Whether the page has paragraphs of a story, which speak of nothing that walls do: its headline may."""
    story = [
        block.text
        for block in article.blocks
        if len(block.text) >= 80
        and not any(words.search(block.text) for words in (_CHALLENGE_WORDS, _CONSENT_WORDS, _LOGIN_WORDS, _NOT_FOUND))
        and ((place := page.places.get(key(block.text))) is None or not is_teaser(place.element, page.url))
    ]
    words = sum(len(each.split()) for each in story)
    return (len(story) > 2 and words >= 80) or (len(story) > 1 and words >= 40 and bool(article.authors))


def _is_challenge(page: "Page", heading: str, seen: str, total: int, told: bool) -> bool:
    if total >= 400:
        return False
    marked = _CHALLENGE_MARKUP.search(page.source[:200_000]) is not None
    if told and not marked:
        return False
    if _CHALLENGE_WORDS.search(heading):
        return marked or total < 150
    return (marked and total < 60) or ((marked or total < 120) and _CHALLENGE_WORDS.search(seen[:800]) is not None)


def _asks_for_password(page: "Page") -> bool:
    return bool(page.doc.xpath("boolean(//input[@type='password'])"))


def _asks_who_you_are(page: "Page", heading: str) -> bool:
    """Whether a page of few words asks for a password, or for the user alone: many ask for the one after the other."""
    if _asks_for_password(page):
        return True
    user = "boolean(//form//input[@type='email' or @autocomplete='username' or @name='username'])"
    return _LOGIN_WORDS.search(heading) is not None and bool(page.doc.xpath(user))


def _is_consent(page: "Page", seen: str, total: int) -> bool:
    found = len(_CONSENT_WORDS.findall(seen))
    if not ((total < 700 and found >= 5 and found > 0.03 * total) or (total < 150 and found >= 3)):
        return False
    controls = page.doc.xpath("//button | //form | //input[@type='submit'] | //a[@role='button']")
    return any(
        _AGREE.search(f"{each.text_content()} {each.get('value') or ''} {each.get('action') or ''}")
        for each in controls[:60]
    )
