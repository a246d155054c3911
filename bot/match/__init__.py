"""Which rules an article meets, and where it says so."""

from .engine import Matcher
from .explaining import Clause, Explanation, explain
from .forms import forms
from .frequency import Frequencies
from .nearmiss import NearMiss, NearMisses
from .obstacles import Obstacle
from .trial import TestFailure, run_tests

__all__ = [
    "Clause",
    "Explanation",
    "Frequencies",
    "Matcher",
    "NearMiss",
    "NearMisses",
    "Obstacle",
    "TestFailure",
    "explain",
    "forms",
    "run_tests",
]
