"""Which rules an article meets, and where it says so."""

from .engine import Matcher
from .forms import forms
from .trial import TestFailure, run_tests

__all__ = ["Matcher", "TestFailure", "forms", "run_tests"]
