"""Guesses the language of a text by its most common words (L15).

It only returns languages for which we have mail templates; similar languages are in the table to tell them apart.
"""

import re
from collections import Counter
from itertools import chain

from ticketctl.write_guard import never_in_a_write

# Words in nearly every text of the language, but not in similar languages.
_COMMON = {
    "en": "the and is are was not with have has this that please you your for from would can could when we my it",
    "es": "el los las del una pero está están hola gracias favor por tengo puedo puede cuando muy también usted mi"
    " con mis nos desde hace ayer sin ha he y qué cómo dónde cuándo sé aún buenos buenas días tardes noches",
    "cs": "je jsem jsme není že který která prosím dobrý den děkuji pro ale jak mám mohu můžete jste také už při od"
    " mi si nebo tak",
    "pt": "o os não uma você obrigado obrigada olá favor tenho meu minha com quando mas está são também ontem sem ao",
    "fr": "le les est une pas vous nous avec je pour merci bonjour mon dans sur mais depuis et du des",
    "it": "il gli che non una sono per grazie buongiorno mio ho con della questo quando anche ma più di si",
    "de": "der die das und ist nicht ich mit ein eine bitte danke wir sie haben kann auf für von es",
    "nl": "de het een en niet ik met van voor graag dank wij heb kan dit dat op u",
    "pl": "nie jest się proszę dzień dobry dziękuję mam mogę czy ale jak dla przez już od na",
    "sk": "je som sme nie že ktorý ktorá prosím dobrý deň ďakujem pre ale ako mám môžem ste aj už pri od mi si",
}
_OURS = ("en", "es", "cs")
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)

_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2c00-\uffff]")
_WORD = re.compile(r"[^\W\d_]+")
_READ = 1_000  # characters
_MIN_WORDS = 4  # common words that are needed for a guess


@never_in_a_write
def guess(text: str) -> str | None:
    """Return the language of a text, en, es or cs; None if it is short, mixed, or in another language."""
    read = text[:_READ].lower()
    if len(_OTHER_SCRIPT.findall(read)) > len(read) / 20:
        return None
    known = [_LANGUAGES[word] for word in _WORD.findall(read) if word in _LANGUAGES]
    found = Counter(chain.from_iterable(known))
    (best, most), (_, next_) = [*found.most_common(2), ("", 0), ("", 0)][:2]
    clear = most >= _MIN_WORDS and most >= 1.5 * next_
    return best if clear and best in _OURS else None
