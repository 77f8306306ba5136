"""Lines fit a terminal, in both languages, without losing a character."""

from simlib.words.wrap import COLUMNS, unbroken, width, wrapped


def test_a_chinese_character_takes_two_columns():
    assert width("abc") == 3 and width("药事会") == 6 and width("SC-02a：") == 8


def test_long_texts_are_cut_at_words_and_keep_every_word():
    text = "the committee heard it and passed it " * 12
    lines = wrapped(text.strip(), "en", "2024-01-01  ", "            ")
    assert len(lines) > 2 and max(map(width, lines)) <= COLUMNS
    assert " ".join(" ".join(lines).split()) == "2024-01-01 " + " ".join(text.split())


def test_long_chinese_texts_are_cut_anywhere_but_not_inside_a_clause_or_before_a_full_stop():
    text = "药事会须在2024-09-02前召开（SC-02a）；" * 9
    lines = wrapped(text, "zh", "", "  ")
    assert "".join(line.strip() for line in lines) == text
    assert all(line.count("SC") == line.count("SC-02a") for line in lines)
    assert not any(line.strip()[0] in "，。；）" for line in lines)


def test_an_interval_is_not_broken_whichever_minus_it_is_written_with():
    for text in ("0.4 (−0.5 to 0.5)", "-1.4 (-2.2 至 0)"):
        value, rest = text.split(" ", 1)
        assert unbroken(text) == f"{value} {rest.replace(' ', chr(0xA0))}"
