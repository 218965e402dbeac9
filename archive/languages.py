"""Codes of languages as people write them in a file: what is no code, and what is none that articles have.

Codes: ISO 639-1 (two letters), with the region or script of BCP 47 behind a hyphen.
"""

import re

_FORM = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TWO_LETTERS = re.compile(r"""(?x)
    aa | ab | ae | af | ak | am | an | ar | as | av | ay | az | ba | be | bg | bi | bm | bn | bo | br | bs | ca | ce
    | ch | co | cr | cs | cu | cv | cy | da | de | dv | dz | ee | el | en | eo | es | et | eu | fa | ff | fi | fj |
    fo | fr | fy | ga | gd | gl | gn | gu | gv | ha | he | hi | ho | hr | ht | hu | hy | hz | ia | id | ie | ig | ii
    | ik | io | is | it | iu | ja | jv | ka | kg | ki | kj | kk | kl | km | kn | ko | kr | ks | ku | kv | kw | ky |
    la | lb | lg | li | ln | lo | lt | lu | lv | mg | mh | mi | mk | ml | mn | mr | ms | mt | my | na | nb | nd | ne
    | ng | nl | nn | no | nr | nv | ny | oc | oj | om | or | os | pa | pi | pl | ps | pt | qu | rm | rn | ro | ru |
    rw | sa | sc | sd | se | sg | si | sk | sl | sm | sn | so | sq | sr | ss | st | su | sv | sw | ta | te | tg | th
    | ti | tk | tl | tn | to | tr | ts | tt | tw | ty | ug | uk | ur | uz | ve | vi | vo | wa | wo | xh | yi | yo |
    za | zh | zu
""")
# Of languages that have a code of two letters: codes of three (ISO 639-2), countries taken for languages, and names
_MEANT = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
    ara=ar bul=bg ces=cs cze=cs dan=da deu=de ger=de ell=el gre=el eng=en spa=es fas=fa per=fa fin=fi fra=fr fre=fr
    ful=ff hau=ha heb=he hin=hi hun=hu ibo=ig ind=id ita=it jpn=ja kor=ko kur=ku nld=nl dut=nl nor=no pol=pl por=pt
    ron=ro rum=ro rus=ru som=so swa=sw swe=sv tha=th tur=tr ukr=uk urd=ur vie=vi wol=wo yor=yo zho=zh chi=zh cmn=zh
    cn=zh cz=cs dk=da gb=en gr=el jp=ja ua=uk us=en
    english=en french=fr français=fr arabic=ar turkish=tr hausa=ha german=de deutsch=de spanish=es español=es
    portuguese=pt italian=it russian=ru chinese=zh japanese=ja korean=ko
    """,
    )
)


def is_code(language: str) -> bool:
    """Has it the form of a code?"""
    return _FORM.fullmatch(language) is not None


def such_as(language: str) -> str:
    """The code that may have been meant by what has not the form of one, in a sentence."""
    code = language.lower().replace("_", "-")
    return f"such as {_MEANT.get(code) or (code if is_code(code) else 'en or ha')}"


def doubt(language: str) -> str | None:
    """Why no article is likely to have this code, as the end of a sentence; None: it may have it."""
    code = language.partition("-")[0].lower()
    if code in _MEANT:
        return f"is called {_MEANT[code]!r}: write that"
    if len(code) == 2 and not _TWO_LETTERS.fullmatch(code):
        return "is no language known by two letters (ISO 639-1): no article is in it"
    return None
