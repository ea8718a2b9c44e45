"""The form of a typed formula: its words, and whether they follow each other as they must.

Imports the errors. This runs before Python's own parser sees the text. What gets through is a short
ASCII text of numbers, names, ``+ - * / **``, commas and balanced parentheses, nested to a bounded
depth: nothing deep, long or foreign reaches the parser, and every refusal can say in the words of a
formula, not of Python, what was met and where.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from keyword import iskeyword

from revdiff.core.errors import ParseError

MAX_LENGTH = 4000
MAX_DEPTH = 50
MAX_DIGITS = 1000

_DIGITS = r"\d+(?:_\d+)*"
_WORD = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    rf"|(?P<number>(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark>\*\*|//|:=|[=<>!]=|.)",
    re.ASCII | re.DOTALL,
)
_MARKS = {"+", "-", "*", "/", "**", "(", ")", ","}
_SHOWN = 72

_FORMULA = "A formula is made of numbers, names, + - * / **, parentheses and functions such as sin(x)."
_INSTEAD = {
    "^": "Write ** for a power: x**2.",
    "//": "Write / for a quotient.",
    "%": "Write 0.05 for 5 %. There is no remainder.",
    "!": "Write gamma(n + 1) for the factorial of n.",
    "|": "Write abs(x) for |x|.",
    ".": "A point belongs inside a number: 0.5. Nothing has parts such as x.real here.",
    "@": "Write * for a product.",
    "\\": "Write sqrt(x) or x/y, not LaTeX.",
    **dict.fromkeys("'\"`", "Write names without quotes."),
    **dict.fromkeys("[]{}", "Write round parentheses, and name the entries of a vector: x1 instead of x[1]."),
    **dict.fromkeys(("=", ":="), "Write only what stands on the right of the equals sign; arguments have no names."),
    **dict.fromkeys(
        ("==", "!=", "<", ">", "<=", ">="),
        "A formula has no comparisons. Write minimum(a, b), maximum(a, b), abs(x) or sign(x).",
    ),
}
_TYPOGRAPHY = {
    **dict.fromkeys("−–—", "-"),
    **dict.fromkeys("×·⋅∙∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **{superscript: f"**{n}" for n, superscript in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    "√": "sqrt(x)",
    "∛": "cbrt(x)",
    "½": "(1/2)",
    "∞": "a number. Infinity cannot be computed with",
}


def error_at(text: str, column: int, met: str, instead: str = "") -> ParseError:
    """Return the error that says what was ``met``, points at the column (from 0), and says what to do ``instead``.

    >>> print(error_at("x^2", 1, "'^' cannot stand in a formula", "Write ** for a power: x**2."))
    '^' cannot stand in a formula (column 2).
      x^2
       ^
    Write ** for a power: x**2.
    """
    start = max(0, min(column - _SHOWN // 2, len(text) - _SHOWN))
    before, after = "…" if start else "", "…" if start + _SHOWN < len(text) else ""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text[start : start + _SHOWN])
    caret = " " * (len(before) + column - start) + "^"
    lines = [f"{met} (column {column + 1}).", f"  {before}{shown}{after}".rstrip(), f"  {caret}", instead]
    return ParseError("\n".join(filter(None, lines)))


def quoted(words: str) -> str:
    """Quote a piece of the formula for a message, shortened where it is long.

    >>> quoted("sin(x)"), quoted("9" * 1000)
    ("'sin(x)'", "'999999999999999999…999999999999999999'")
    """
    words = " ".join(words.split())
    return f"'{words}'" if len(words) <= 40 else f"'{words[:18]}…{words[-18:]}'"


def check_form(text: str, /) -> None:
    """Raise `ParseError` unless ``text`` has the form of one formula.

    One rule says it all: an operand is due at the start and after an operator, ``(`` or a comma;
    an operator, ``)`` or a comma is due after an operand. The depth that is counted and bounded is
    that of the syntax tree: parentheses, signs and powers nest, sums and products do not.

    >>> check_form("2*sin(x) + 1")
    >>> check_form("2*sin(x + 1")
    Traceback (most recent call last):
    revdiff.core.errors.ParseError: this '(' is never closed (column 6).
      2*sin(x + 1
           ^
    Write the missing ')'.
    """
    if len(text) > MAX_LENGTH:
        msg = f"the formula has {len(text)} characters; at most {MAX_LENGTH} are read.\nSplit it into several formulas."
        raise ParseError(msg)
    if not text.strip():
        msg = "the formula is empty.\nWrite one, such as x**2 + sin(x)."
        raise ParseError(msg)

    open_parentheses: list[tuple[int, bool, int, int]] = []  # column, whether of a call, base and depth before it
    base = depth = 0  # the depth inside the innermost open parenthesis, and here
    last_kind = last = ""
    operand_is_due = True

    for kind, word, column in _words(text):
        inside_call = bool(open_parentheses) and open_parentheses[-1][1]
        if kind != "mark" and operand_is_due:
            operand_is_due = False
        elif not operand_is_due and (word in {"+", "-", "*", "/"} or (word == "," and inside_call)):
            operand_is_due, depth = True, base
        elif word in {"+", "-"} or (word == "**" and not operand_is_due):
            operand_is_due, depth = True, depth + 1
        elif word == "(" and (operand_is_due or last_kind == "name"):
            open_parentheses.append((column, not operand_is_due, base, depth))
            operand_is_due, base, depth = True, depth + 1, depth + 1
        elif word == ")" and open_parentheses and (not operand_is_due or (last == "(" and inside_call)):
            _, _, base, depth = open_parentheses.pop()
            operand_is_due = False
        else:
            raise _out_of_place(text, column, word, last, bool(open_parentheses), operand_is_due)
        if depth > MAX_DEPTH:
            raise error_at(text, column, "the formula is nested too deeply", "Split it into several formulas.")
        last_kind, last = kind, word

    if operand_is_due:
        instead = f"Write what comes next, or leave the '{last}' out."
        raise error_at(text, len(text.rstrip()), f"the formula stops after '{last}'", instead)
    if open_parentheses:
        raise error_at(text, open_parentheses[-1][0], "this '(' is never closed", "Write the missing ')'.")


def _words(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the kind, the text and the column of each word, and refuse what no formula has."""
    for match in _WORD.finditer(text):
        kind, word, column = str(match.lastgroup), match.group(), match.start()
        if kind == "mark" and word not in _MARKS:
            raise _foreign(text, column, word)
        if kind == "number":
            _check_number(text, column, word)
        if kind == "name":
            _check_name(text, column, word)
        if kind != "blank":
            yield kind, word, column


def _check_number(text: str, column: int, word: str) -> None:
    digits = word.replace("_", "")
    if len(digits) > MAX_DIGITS:
        met = f"this number has more than {MAX_DIGITS} digits"
        raise error_at(text, column, met, "Write it as a decimal: 1.5e100.")
    if digits.isdigit():
        if digits[0] == "0" and digits.strip("0"):
            raise error_at(text, column, f"{quoted(word)} begins with a zero", f"Write {digits.lstrip('0')}.")
    elif float(digits) == float("inf"):
        raise error_at(text, column, f"{quoted(word)} is too large", "Decimals reach up to 1.79e308.")
    elif float(digits) == 0 and re.split("[eE]", digits)[0].strip("0."):
        raise error_at(text, column, f"{quoted(word)} is too close to zero", "Decimals reach down to 5e-324.")


def _check_name(text: str, column: int, word: str) -> None:
    if word.startswith("_"):
        met = f"{quoted(word)} begins with an underscore"
        raise error_at(text, column, met, "Write a name that begins with a letter: x, rate, x_1.")
    if iskeyword(word):
        instead = f"{_FORMULA} A variable of this name is written {word.lower()}_."
        raise error_at(text, column, f"{quoted(word)} is a word of Python", instead)


def _foreign(text: str, column: int, word: str) -> ParseError:
    """Return the error for a character that no formula has."""
    name = unicodedata.name(word, "") if len(word) == 1 else ""
    if not word.isprintable() or (not name and not word.isascii()):
        met = f"the character U+{ord(word):04X}"
    elif word.isascii():
        met = "a quotation mark" if word in "'\"`" else f"'{word}'"
    else:
        met = f"'{word}' ({name.lower()})"
    return error_at(text, column, f"{met} cannot stand in a formula", _plain_spelling(word, name))


def _plain_spelling(word: str, name: str) -> str:
    """Say how a character that no formula has is written in one."""
    if word.isascii():
        return _INSTEAD.get(word, _FORMULA)
    if word in _TYPOGRAPHY:
        return f"Write {_TYPOGRAPHY[word]}."
    if name.startswith("GREEK") and " LETTER " in name:
        letter = name.partition(" LETTER ")[2].partition(" WITH ")[0].split()[-1].lower()
        letter = {"lamda": "lambda_", "gamma": "gamma_"}.get(letter, letter)
        return f"Write its name: {letter.capitalize() if ' CAPITAL ' in name else letter}."
    plain = unicodedata.normalize("NFKC", word)
    if plain.isascii() and plain.isprintable():
        return f"Write a plain {plain}." if plain.strip() else "Write a plain space."
    return "Write names with the letters a-z and A-Z."


def _out_of_place(text: str, column: int, word: str, last: str, inside: bool, operand_is_due: bool) -> ParseError:
    """Return the error for a word that cannot follow the one before it."""
    if word == ")" and not inside:
        met, instead = "this ')' closes nothing", "Leave it out, or write the missing '('."
    elif word == ")" and last == "(":
        met, instead = "there is nothing in these parentheses", "Write what belongs there."
    elif operand_is_due and last in {"(", ","} and word in {"*", "**"}:
        met, instead = f"'{word}' has nothing on its left", "Write the arguments of a function one by one: hypot(x, y)."
    elif operand_is_due and last:
        met, instead = f"something is missing between '{last}' and '{word}'", "Write a number or a name there."
    elif operand_is_due:
        met, instead = f"the formula begins with '{word}'", "Write a number or a name before it."
    elif word == ",":
        met = "a comma cannot stand here"
        instead = "A comma parts the arguments of a function. Write 0.5 for a decimal, and one formula at a time."
    else:
        met = f"an operator is missing between {quoted(last)} and {quoted(word)}"
        instead = "For a product write *." if len(last + word) > 40 else f"For a product write {last}*{word}."
        if word in {"i", "j", "J"}:
            instead += " The imaginary unit is I."
    return error_at(text, column, met, instead)
