"""The language of a mail that does not name one (L15)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.parse.language import guess

ENGLISH = "Hello, the printer on the third floor does not print. Can you please have a look when you are there?"
SPANISH = "Hola, la impresora de la tercera planta no imprime desde ayer. ¿Pueden mirarlo por favor? Muchas gracias."
CZECH = "Dobrý den, tiskárna ve třetím patře od včerejška netiskne. Můžete se na to prosím podívat? Děkuji."


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, "en"), (SPANISH, "es"), (CZECH, "cs"), (CZECH.upper(), "cs")]
)
def test_a_text_of_a_few_sentences_tells_its_language_L15(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Buenos días, la impresora no imprime y no sé qué hacer.", "es"),
        ("Buenas tardes, ¿cómo puedo cambiar mi contraseña?", "es"),
        ("Buenas noches: ¿dónde está mi pedido? Aún no llega.", "es"),
        ("Dobrý den, kde je moje zásilka? Děkuji.", "cs"),
        ("Hi, where is my parcel? Can you check it?", "en"),
    ],
)
def test_a_greeting_and_a_question_tell_their_language_L15(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Olá, a impressora do terceiro andar não imprime desde ontem. Você pode ver, por favor? Obrigado.",
        "Bonjour, l'imprimante du troisième étage n'imprime pas depuis hier. Pouvez-vous regarder, merci.",
        "Buongiorno, la stampante del terzo piano non stampa da ieri. Potete guardare, per favore? Grazie.",
        "Guten Tag, der Drucker im dritten Stock druckt seit gestern nicht. Können Sie bitte nachsehen?",
        "Dobrý deň, tlačiareň na treťom poschodí od včera netlačí. Môžete sa na to prosím pozrieť? Ďakujem.",
        "Dzień dobry, drukarka na trzecim piętrze nie drukuje od wczoraj. Proszę o pomoc, dziękuję.",
        "Bom dia, onde está a minha encomenda? Ainda não chegou e não sei o que fazer.",
        "Bon dia, on és la meva comanda? Encara no ha arribat i no sé què fer. Gràcies.",
        "Bos días, onde está o meu pedido? Aínda non chegou e non sei que facer. Grazas.",
        "Bonsoir, il y a une erreur et je ne sais pas quoi faire. Où est ma commande ?",
        "De printer op de derde verdieping print sinds gisteren niet meer. Kunt u dit nakijken?",
    ],
)
def test_a_neighbours_language_is_not_taken_for_ours(text: str) -> None:
    assert guess(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK, thanks!",
        "12.50 EUR",
        "Printer",
        f"{ENGLISH}\n\n{SPANISH} {SPANISH}",
        "打印机坏了",
        f"К сожалению, не удалось доставить письмо: {ENGLISH}",
    ],
)
def test_what_is_short_or_mixed_is_left_open(text: str) -> None:
    assert guess(text) is None


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert guess(text) in (None, "en", "es", "cs")
