"""Unicode: what reads as what, and what is refused by name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcalc.errors import FormulaError
from symcalc.language import characters, reader
from symcalc.language.faults import Fault
from symcalc.notation import tree


def name_of(text: str) -> str:
    expression = reader.read(text).statements[0].expression
    assert isinstance(expression, tree.Ref)
    return expression.name


def reason_for(text: str) -> str:
    with pytest.raises(FormulaError) as caught:
        reader.read(text)
    return caught.value.reason


@pytest.mark.parametrize("letter", "αβγδεζηθικλμνξοπρστυφχψω" + "ΓΔΘΛΞΠΣΦΨΩ")
def test_greek_letters_are_names(letter):
    assert name_of(letter) == ("pi" if letter == "π" else letter)


@pytest.mark.parametrize(
    "spellings",
    [
        ("é", "e\u0301"),
        ("μ", "µ"),
        ("하", "\u1112\u1161"),
        ("K", "\u212a"),
        ("x1", "x₁", "ｘ1"),
        ("φ", "ϕ"),
        ("ε", "ϵ"),
        ("pi", "π"),
        ("x", "𝑥", "𝐱", "ｘ", "`x`"),
    ],
)
def test_spellings_of_one_name_are_one_name(spellings):
    assert {spellings[0]} == {name_of(s) for s in spellings}


@pytest.mark.parametrize("letter", "аеорсухіјѕАВЕКМНОРСТУХ")
def test_cyrillic_letters_that_look_latin_are_refused(letter):
    twin_text = f"{letter}*m"

    assert f"{letter} (U+{ord(letter):04X}) is Cyrillic and looks like" in reason_for(twin_text)


@pytest.mark.parametrize("word", ["pаy", "payο", "Χ", "ΑΒ", "xΕ", "revenuе"])
def test_words_that_mix_scripts_to_look_latin_are_refused(word):
    assert "looks like" in reason_for(f"2*{word}")


@pytest.mark.parametrize("word", ["цена", "σ_x", "Δx", "dθ", "λ1", "ΑΓ"])
def test_words_that_cannot_be_mistaken_are_names(word):
    assert name_of(word) == word


def test_names_that_look_alike_are_told_apart_in_a_note():
    assert ("ν and v look alike and are two names: ν (U+03BD) is in one of them.",) == reader.read("ν*v").notes
    assert any("look alike" in n for n in reader.read("`х`*x").notes)
    assert any("look alike" in n for n in reader.read("`µ`*μ").notes)
    assert () == reader.read("ν*x").notes


@pytest.mark.parametrize(
    "code",
    [0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0x00AD, 0x202A, 0x202E, 0x2066, 0x2028, 0x2029, 0x0085, 0x1B, 0x00, 0x7F, 0x0B,
     0x0C, 0x0D, 0xFE0F, 0x034F, 0x3164, 0x115F, 0x2800, 0xE0100, 0xE0041],
)  # fmt: skip
@pytest.mark.parametrize("around", ["x{}*m", "{}x", "x{}", "`a{}b`"])
def test_what_cannot_be_seen_is_refused_with_its_code_point(code, around):
    reason = reason_for(around.format(chr(code)))

    assert f"U+{code:04X}" in reason
    assert reason.isprintable()


@pytest.mark.parametrize(
    ("text", "column", "instead"),
    [
        ("x–m", 2, "-"), ("x∗m", 2, "*"), ("x÷m", 2, "/"), ("∑(x)", 1, "sum"), ("∏(x)", 1, "prod"),
        ("٣*x", 1, "3"), ("x+１", 3, "1"), ("ﬁ*x", 1, "fi"), ("x⊤", 2, ".T"),
    ],
)  # fmt: skip
def test_a_refused_character_comes_with_what_to_type(text, column, instead):
    with pytest.raises(FormulaError) as caught:
        reader.read(text)

    assert (column, instead) == (caught.value.column, caught.value.suggestion)


@pytest.mark.parametrize("c", "∞∫∂∇½ªº⅓…§€☺")
def test_other_characters_are_refused_by_name(c):
    assert f"U+{ord(c):04X}" in reason_for(f"x + {c}")


def test_columns_count_the_original_characters():
    with pytest.raises(FormulaError) as caught:
        reader.read("e\u0301*② ")

    assert 4 == caught.value.column


@given(st.text(st.sampled_from("eaoxν\u0301\u0308\u0338\u1112\u1161\u11a8éΩ\u2126가"), min_size=1, max_size=8))
def test_every_name_is_composed(text):
    try:
        name = name_of(text)
    except FormulaError:
        return

    assert unicodedata.is_normalized("NFC", name)


def test_a_greek_question_mark_ends_no_statement():
    assert "U+037E" in reason_for("a = 1\u037e a")


def test_offsets_lead_back_to_the_original():
    text = "e\u0301 ≤ µ"

    clean = characters.cleaned(text)

    assert clean.text == "é <= μ"
    assert clean.offsets == (0, 2, 3, 3, 4, 5, 6)


@given(st.text(max_size=30))
def test_a_clean_text_is_composed_and_maps_back(text):
    try:
        clean = characters.cleaned(text)
    except Fault:
        return

    assert clean.offsets is not None or clean.text == text
    assert clean.offsets is None or (list(clean.offsets) == sorted(clean.offsets) and clean.offsets[-1] == len(text))
    assert clean.offsets is None or len(clean.offsets) == len(clean.text) + 1


def test_look_alike_tables_pair_letters_of_two_scripts():
    for strange, latin in characters._CYRILLIC.items():
        assert (unicodedata.name(strange).split()[0], latin.isascii()) == ("CYRILLIC", True)
    for strange, latin in characters._GREEK.items():
        assert (unicodedata.name(strange).split()[0], latin.isascii()) == ("GREEK", True)
