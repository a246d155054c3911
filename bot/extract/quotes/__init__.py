"""Quotations with their speakers: who said what, each at its place. See ``docs/quotes.md``."""

from .reading import quotes

__all__ = ["quotes"]
