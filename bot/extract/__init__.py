"""What stands in a text and ties it to the world: figures and regulatory references, with their places."""

from bot.model import Reference

from .figures import Figure, figures
from .references import references

__all__ = ["Figure", "Reference", "figures", "references"]
