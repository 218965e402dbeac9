"""The press: three replica newspapers with invented texts, played at their true addresses by a local proxy.

One imitates the structure of Mediapart, one that of Al-Monitor, and one is a wire agency that does not
exist. Every page says so. What they answer is a function of the request and of a clock that is moved by
hand; what is true of them at a moment is told by `truth`.
"""

from crawler.press.playing import Press, play
from crawler.press.truth import Truth, Truths

__all__ = ["Press", "Truth", "Truths", "play"]
