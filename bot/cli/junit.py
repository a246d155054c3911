"""Inline tests as JUnit XML, which continuous integration shows: a suite for each file, a case for each test.

The form has no standard; this is what Jenkins, GitLab and GitHub's reporters read
(github.com/testmoapp/junitxml describes it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.errors import Fault
    from bot.match import TestFailure
    from bot.model import Rule

# What XML 1.0 cannot hold, however it is written.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(rules: Sequence[Rule], failures: Iterable[TestFailure], faults: Iterable[Fault]) -> bytes:
    """The document. A mistake that keeps a file or rule from being tested is a case with an error."""
    failed = {(failure.rule.id, failure.test.line): failure for failure in failures}
    root = Element("testsuites", name="presswatch rules")
    suites: dict[str, Element] = {}
    for rule in rules:
        for test in rule.tests:
            name = f"{test.expect}: {test.shortened}"
            case = _case(root, suites, rule.file, classname=rule.id, name=name, line=test.line)
            if failure := failed.get((rule.id, test.line)):
                said = SubElement(case, "failure", message=_fit(failure.detail), type=failure.got)
                said.text = _fit("\n".join(failure.why))
    for fault in faults:
        case = _case(root, suites, fault.file, classname=fault.subject or fault.file, name="check", line=fault.line)
        SubElement(case, "error", message=_fit(fault.message), type="fault").text = _fit(str(fault))
    for suite in (*suites.values(), root):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            suite.set(count, str(len(list(suite.iter(tag)))))
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _case(root: Element, suites: dict[str, Element], file: str, *, classname: str, name: str, line: int) -> Element:
    if file not in suites:
        suites[file] = SubElement(root, "testsuite", name=_fit(file))
    where = {"file": _fit(file), "line": str(line), "time": "0"}
    return SubElement(suites[file], "testcase", classname=_fit(classname), name=_fit(name), attrib=where)


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
