"""What every reading process needs and is slow to make, made once in the process from which they are forked.

It is imported there for that alone (see crawler/workers.py): the model that tells languages takes most of a second.
"""

from contextlib import suppress

from spiders.kit.language import language

# More than a page's own word is asked for; the words do not matter
_SAMPLE = "The river rose in the night, and by the morning the market stood under water up to the first step. " * 3

with suppress(Exception):  # what cannot be made here fails where a page needs it, and is told there
    language(_SAMPLE)
