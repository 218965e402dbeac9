"""Names for the fields of Datasette's filter form, which has none, so that a screen reader can say them.

Datasette's template is taken as it is and only its attributes are changed: what stands in a cell is escaped, so
no cell holds a quotation mark that could look like an attribute.
"""

import re

from markupsafe import Markup

_FIELDS = {"column": "Column", "op": "Comparison", "value": "Value"}
_UNNAMED = re.compile(r'<(select|input type="text") name="_filter_(column|op|value)(?:_\d+)?"')
_STYLED = re.compile(r'(<(?:div|h1)[^<>]*?) style="[^"]*"')  # the policy forbids them, so that they do nothing


def labelled(page: str) -> Markup:
    """The page of a table with an `aria-label` on each field of its filters, and without inline styles."""
    named = _UNNAMED.sub(lambda found: f'{found[0]} aria-label="{_FIELDS[found[2]]}"', page)
    sorted_by = named.replace('<select name="_sort"', '<select aria-label="Sort by" name="_sort"')
    return Markup(_STYLED.sub(r"\1", sorted_by))  # noqa: S704 (it was markup before)
