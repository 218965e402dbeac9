"""The names of months, and what else stands in a line that is a date, as the press of many languages writes them."""

import unicodedata

from spiders.kit.words import listed

_NAMES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz apr mai jun jul aug sep okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس ابريل ماي يونيو يوليوز غشت شتنبر اكتوبر نونبر دجنبر",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "janaayo febraayo maarso abriil maayo juun luulyo agoosto sebtembar oktoobar nofembar desembar",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου "
    "νοεμβριου δεκεμβριου",
    "januar februar marts april maj juni juli august september oktober november december",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januar februar marec april maj junij julij avgust september oktober november december",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "január február március április május június július augusztus szeptember október november december",
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "janairu fabrairu maris afrilu mayu yuni yuli agusta satumba oktoba nuwamba disamba",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितम्बर अक्तूबर नवम्बर दिसम्बर",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "oca sub mar nis may haz tem agu eyl eki kas ara",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "sty lut mar kwi maj cze lip sie wrz paz lis gru",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
)
_LEVANTINE = {
    "كانون الثاني": 1,
    "شباط": 2,
    "آذار": 3,
    "نيسان": 4,
    "أيار": 5,
    "حزيران": 6,
    "تموز": 7,
    "آب": 8,
    "أيلول": 9,
    "تشرين الأول": 10,
    "تشرين الثاني": 11,
    "كانون الأول": 12,
    "كانون ثاني": 1,
    "كانون ثان": 1,
    "تشرين أول": 10,
    "تشرين ثاني": 11,
    "تشرين ثان": 11,
    "كانون أول": 12,
}
# the words around a printed date, days of the week among them
LABELS = frozenset(
    listed("""
    published updated posted on at first le a à am um uhr pm est edt et gmt utc ist pst pdt cet cest
    bst hrs h last modified modifié publié publiée mis mise jour the of de del den der dem by date
    stand veröffentlicht aktualisiert erstellt geändert datum publicado actualizado actualizada el
    il pubblicato aggiornato alle ore às em atualizado publicerad uppdaterad opublikowano created
    this story is was from added filed issued نشره نُشر نشرت
    since heure heures min kl klo o oclock print edition نشر تاريخ النشر آخر
    تحديث في تم بتاريخ mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday
    sunday lundi mardi mercredi jeudi vendredi samedi dimanche montag dienstag mittwoch donnerstag
    freitag samstag sonntag mo di mi do fr sa so lunes martes miércoles jueves viernes sábado
    domingo lunedì martedì mercoledì giovedì venerdì sabato domenica pazartesi salı çarşamba
    perşembe cuma cumartesi pazar tarihi yayın güncelleme الاثنين الثلاثاء الأربعاء الخميس الجمعة
    السبت الأحد segunda terça quarta quinta sexta feira
""")
)


def month_named(word: str) -> int | None:
    """The number of a month from its name in the languages of the press, 1 to 12; None for any other word."""
    return _MONTHS.get(_bare(word))


def _bare(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i").replace("ł", "l"))
    return "".join(c for c in folded if not unicodedata.combining(c))


_MONTHS: dict[str, int] = {"sept": 9}
for _names in _NAMES:
    for _number, _name in enumerate(_names.split(), 1):
        _MONTHS.setdefault(_bare(_name), _number)
_MONTHS |= {_bare(_name): _number for _name, _number in _LEVANTINE.items()}
