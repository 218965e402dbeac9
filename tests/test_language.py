"""The language of a text: of the text itself before what the page declares, and of those that the model lacks."""

import pytest

from spiders.kit.language import language

HAUSA = (
    "Gwamnatin jihar ta ce za a sake gina tsohuwar gada kafin damina, bayan watanni da aka kwashe ana muhawara. "
    "Shugaban kasuwa ya ce mutane suna jin tsoro domin babu wata hanya, amma wasu sun ce wannan aiki zai kawo sauki "
    "cikin gari, kuma yana da muhimmanci ga yan kasuwa daga kauyuka."
)
SOMALI = (
    "Madaxweynaha ayaa sheegay in dadka dalka ay heli doonaan biyo, iyo in waddooyinka la dhisi doono sanadka soo "
    "socda. Waxaa uu ku daray in shaqadu ay bilaaban doonto bisha dambe, sidoo kale waxay dadku u baahan yihiin "
    "caafimaad."
)
YORUBA = (
    "Àwọn ará ìlú náà sọ pé ìjọba kò tíì ṣe ohun tí wọ́n ṣèlérí láti ọdún tó kọjá, àti pé afárá náà ti bàjẹ́. "
    "Wọ́n ní àwọn ọmọ ilé ìwé kò lè kọjá lórí rẹ̀ mọ́, ó sì ń fa ìṣòro fún àwọn oníṣòwò."
)
IGBO = (
    "Ndị obodo kwuru na gọọmentị ekwebeghị ihe mgbe ha rịọrọ enyemaka, mana onye isi nke obodo ahụ sịrị na ọrụ "
    "ga-amalite n'ime ọnwa a. Ihe ndị a dị mkpa maka ndị ahịa na ụmụ akwụkwọ, ka ha nwere ike ịgafe."
)
FRENCH = (
    "Le conseil de la ville a voté mardi la reconstruction du vieux pont avant la saison des pluies, après des mois de "
    "querelles sur le partage de la facture, et les travaux commenceront en mai."
)
SWAHILI = (
    "Serikali imesema kuwa daraja la zamani litajengwa upya kabla ya msimu wa mvua, baada ya miezi mingi ya "
    "majadiliano kuhusu nani atalipa gharama, na kazi itaanza mwezi ujao kwa msaada wa wizara."
)


@pytest.mark.parametrize("declared", [None, "", "en", "en-US", "fr", "ar"])
@pytest.mark.parametrize(("text", "code"), [(HAUSA, "ha"), (SOMALI, "so"), (YORUBA, "yo"), (IGBO, "ig")])
def test_a_language_that_the_model_does_not_know(text: str, code: str, declared: str | None) -> None:
    assert language(text, declared) == code


@pytest.mark.parametrize(("text", "code"), [(FRENCH, "fr"), (SWAHILI, "sw")])
def test_other_languages_are_not_taken_for_it(text: str, code: str) -> None:
    assert language(text, code) == code
    assert language(text) == code


def test_a_short_text_is_in_the_language_that_the_page_says() -> None:
    assert language(HAUSA[:60], "en") == "en"
    assert language(HAUSA[:60]) is None
