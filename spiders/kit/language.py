"""The language of a text, with what the page declares as a prior."""

import io
from functools import cache
from types import SimpleNamespace
from typing import Any

from spiders.kit import unmodelled
from spiders.kit.words import listed

# The languages of newspapers; the model knows more, and mistakes short news for its rarest.
_PRESS = listed("""
    ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka
    kk km kn ko ky lb lo lt lv mk ml mn mr ms mt nb ne nl nn no pa pl ps pt ro ru rw si sk sl sq sr
    sv sw ta te th tl tr uk ur vi xh zh zu af am
""")
_ENOUGH = 150  # characters below which a page's own word counts for more than the model's
_SURE = 0.999
_GLANCE = 600  # characters that bear out what the page declares; only a doubt asks for more
_NEAR = {
    frozenset(pair.split("-"))
    for pair in listed("nb-no nn-no nb-nn hr-bs hr-sr sr-bs id-ms da-nb da-no gl-pt gl-es ca-es xh-zu cs-sk mk-bg")
}


@cache
def _model() -> Any:
    from py3langid import modelio  # loads a model: only when a text asks for it
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError:
        # It unpacks the model into a temporary file. A full disk must not end all reading: then 70 MB of memory do.
        modelio.tempfile = SimpleNamespace(TemporaryFile=lambda **_: io.BytesIO())
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(set(_PRESS) & set(identifier.labels)))
    return identifier


def primary(tag: str | None) -> str | None:
    """The primary subtag of a language tag, lower case ("fr-FR", "fr_FR" → "fr"); None where it is none (RFC 5646)."""
    first = (tag or "").strip().replace("_", "-").split("-")[0].lower()
    return first if first.isalpha() and 2 <= len(first) <= 3 and first not in ("und", "mul", "zxx") else None


def language(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language; None where neither the text nor the page says enough."""
    said = primary(declared)
    if len(text) < _ENOUGH:
        return said
    if said in _PRESS:
        code, _ = _model().classify(text[:_GLANCE])
        if code == said:
            return said
    if spoken := unmodelled.told(text[:1500]):
        return spoken
    code, sure = _model().classify(text[:1500])
    code = str(code)
    if said is None:
        return code if float(sure) > 0.8 else None
    if code == said or frozenset((code, said)) in _NEAR or said not in _PRESS:
        return said
    return code if float(sure) >= _SURE else said
