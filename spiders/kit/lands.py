"""The names of countries and states, as datelines print them behind a town: in English and French, some in others."""

import re

from spiders.kit.words import fold, listed

# the states as AP shortens them
_SHORT = frozenset(
    listed("""
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ont Ore Pa
    Que Tenn Tex Va Vt Wash Wis Wyo
""")
)
_INITIALS = re.compile(r"(?:[A-Z]\.\s?){2,3}")
_NAMES = frozenset(
    fold(name)
    for name in listed("""
    Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii,
    Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan,
    Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New
    York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina,
    South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, Washington, West Virginia, Wisconsin, Wyoming,
    England, Scotland, Wales, Northern Ireland, Gaza Strip, Gaza, West Bank, occupied West Bank, occupied East
    Jerusalem, Kurdistan, Crimea, DRC, RDC, UAE, UK, US, USA, DC, Afghanistan, Albania, Albanie, Algeria,
    Algérie, Angola, Argentina, Argentine, Armenia, Arménie, Australia, Australie, Austria, Autriche,
    Österreich, Azerbaijan, Azerbaïdjan, Bahrain, Bahreïn, Bangladesh, Belarus, Biélorussie, Belgium, Belgique,
    Benin, Bénin, Bolivia, Bolivie, Bosnia, Bosnie, Botswana, Brazil, Brésil, Brasil, Bulgaria, Bulgarie,
    Burkina Faso, Burundi, Cambodia, Cambodge, Cameroon, Cameroun, Canada, Cape Verde, Central African Republic,
    Centrafrique, Chad, Tchad, Chile, Chili, China, Chine, Colombia, Colombie, Comoros, Comores, Congo,
    Democratic Republic of the Congo, Democratic Republic of Congo, République démocratique du Congo, Costa
    Rica, Croatia, Croatie, Cuba, Cyprus, Chypre, Czech Republic, Denmark, Danemark, Djibouti, Dominican
    Republic, Ecuador, Équateur, Egypt, Égypte, El Salvador, Equatorial Guinea, Eritrea, Érythrée, Estonia,
    Estonie, Eswatini, Ethiopia, Éthiopie, Finland, Finlande, France, Gabon, Gambia, Gambie, Géorgie, Germany,
    Allemagne, Deutschland, Ghana, Greece, Grèce, Guatemala, Guinea, Guinée, Guinea Bissau, Guinée Bissau,
    Haiti, Haïti, Honduras, Hungary, Hongrie, Iceland, Islande, India, Inde, Indonesia, Indonésie, Iran, Iraq,
    Irak, Ireland, Irlande, Israel, Israël, Italy, Italie, Italia, Ivory Coast, Côte d'Ivoire, Jamaica,
    Jamaïque, Japan, Japon, Jordan, Jordanie, Kazakhstan, Kenya, Kosovo, Kuwait, Koweït, Kyrgyzstan,
    Kirghizstan, Laos, Latvia, Lettonie, Lebanon, Liban, Lesotho, Liberia, Libya, Libye, Lithuania, Lituanie,
    Luxembourg, Madagascar, Malawi, Malaysia, Malaisie, Maldives, Mali, Malta, Malte, Mauritania, Mauritanie,
    Mauritius, Maurice, Mexico, Mexique, México, Moldova, Moldavie, Mongolia, Mongolie, Montenegro, Monténégro,
    Morocco, Maroc, Mozambique, Myanmar, Birmanie, Namibia, Namibie, Nepal, Népal, Netherlands, Pays Bas, New
    Zealand, Nouvelle Zélande, Nicaragua, Niger, Nigeria, North Korea, Corée du Nord, North Macedonia, Norway,
    Norvège, Oman, Pakistan, Palestine, Panama, Paraguay, Peru, Pérou, Perú, Philippines, Poland, Pologne,
    Portugal, Qatar, Romania, Roumanie, Russia, Russie, Rwanda, Saudi Arabia, Arabie saoudite, Senegal, Sénégal,
    Serbia, Serbie, Sierra Leone, Singapore, Singapour, Slovakia, Slovaquie, Slovenia, Slovénie, Somalia,
    Somalie, Somaliland, South Africa, Afrique du Sud, South Korea, Corée du Sud, South Sudan, Soudan du Sud,
    Spain, Espagne, España, Sri Lanka, Sudan, Soudan, Sweden, Suède, Switzerland, Suisse, Schweiz, Syria, Syrie,
    Taiwan, Taïwan, Tajikistan, Tadjikistan, Tanzania, Tanzanie, Thailand, Thaïlande, Togo, Tunisia, Tunisie,
    Turkey, Turquie, Türkiye, Turkmenistan, Uganda, Ouganda, Ukraine, United Arab Emirates, United Kingdom,
    United States, États Unis, Uruguay, Uzbekistan, Ouzbékistan, Venezuela, Vietnam, Viêt Nam, Western Sahara,
    Sahara occidental, Yemen, Yémen, Zambia, Zambie, Zimbabwe
""")
)


def is_land(name: str) -> bool:
    """Whether the text is the name of a country or a state ("Niger", "Fla.", "N.Y.")."""
    return fold(name) in _NAMES or name.rstrip(".") in _SHORT or _INITIALS.fullmatch(name) is not None
