"""What a TOML parser says of a slip, in the words of whoever writes the file."""

import re

_CURLY = re.compile("[“”„‟«»‘’‚‛]")
_COLON = re.compile(r"\s*[\w-]+\s*:\s")
_DATE = re.compile(r"=\s*\d{1,4}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,4}")
_CAPITAL = re.compile(r"=\s*(?:TRUE|FALSE|True|False|yes|no|Yes|No|on|off)\b")

# Words of tomllib, each with what to do
_MEANINGS = (
    ("Invalid date", "a date is written as 2023-07-26, and the day must exist"),
    ("Cannot declare", "this table stands in the file twice, or a key is called so: put all of it in one place"),
    ("Cannot overwrite", "this key stands in the file twice"),
    ("Cannot mutate", "this key stands in the file twice"),
    ("Illegal character '\\n'", "a text in quotes must end on its line"),
    ("Unescaped '\\'", "a backslash must be doubled, or its text stand in single quotes"),
    ("Unclosed array", "a list is not closed with ], or a comma is missing in it"),
    ("Unterminated string", "a text in quotes is not closed"),
    ("Expected '='", "a key is followed by = and a value"),
    ("Expected ']", "the name of a table is not closed with ]"),
)


def in_words(said: str, line: str) -> str:
    """What is wrong, by what the parser `said` and by the line that it stopped at; the parser's words else."""
    if _CURLY.search(re.sub(r'"[^"]*"', "", line)):
        return "quotation marks must be straight, such as \"…\" or '…'"
    if _COLON.match(line):
        return "a key and its value are parted by =, not by a colon"
    if _DATE.search(line):
        return _MEANINGS[0][1]
    if _CAPITAL.search(line):
        return "true and false are written so, in small letters and without quotes"
    if said.startswith("Invalid value"):
        if line.lstrip().startswith("["):
            return "a list above this line is not closed with ]"
        return 'a value is a text in quotes, such as "…", a number, a date, true, false, or a list in brackets'
    return next((meaning for words, meaning in _MEANINGS if said.startswith(words)), said)
