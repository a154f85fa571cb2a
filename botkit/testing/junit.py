"""Results as JUnit XML, which GitHub, GitLab and Jenkins show: a suite for each file, a case for each test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from botkit.flow.problem import Problem
from botkit.testing.result import Result

#: What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[Result], problems: Iterable[Problem], language: str) -> bytes:
    """Return results, and what is wrong with files so that nothing was played, as a JUnit file in UTF-8."""
    suites = Element("testsuites", name="botkit")
    for result in results:
        _add_result(_suite(suites, result.script.place.file), result, language)
    for problem in problems:
        _add_problem(_suite(suites, problem.place.file), problem, language)
    for suite in suites:
        _count(suite, suite.iter("testcase"))
    _count(suites, suites.iter("testcase"))
    indent(suites)
    written: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(suites: Element, file: str) -> Element:
    """Return the suite of a file, the last one if it is the same."""
    name = _clean(file)
    if len(suites) and suites[-1].get("name") == name:
        return suites[-1]
    return SubElement(suites, "testsuite", name=name)


def _add_result(suite: Element, result: Result, language: str) -> None:
    script = result.script
    place = script.row or script.place
    case = _case(suite, script.name, place.line, result.seconds)
    if not result.passed:
        told = " · ".join(line.strip() for line in result.wrong(language))
        SubElement(case, "failure", type="difference", message=_clean(told)).text = _clean(result.report(language))


def _add_problem(suite: Element, problem: Problem, language: str) -> None:
    case = _case(suite, f"{problem.place} {problem.code}", problem.place.line, 0.0)
    told = problem.message(language)
    text = "\n".join(filter(None, (f"{problem.place}: {told}", problem.advice(language))))
    SubElement(case, "error", type=problem.code, message=_clean(told)).text = _clean(text)


def _case(suite: Element, name: str, line: int, seconds: float) -> Element:
    file = suite.get("name", "")
    classname = ".".join(PurePath(file.removesuffix(".yaml").removesuffix(".test")).parts)
    given = {"classname": classname, "name": _clean(name), "file": file, "line": str(line), "time": f"{seconds:.3f}"}
    return SubElement(suite, "testcase", given)


def _count(group: Element, cases: Iterable[Element]) -> None:
    """Put sums of cases on a suite, or on all of them."""
    found = list(cases)
    group.set("tests", str(len(found)))
    for kind in ("failure", "error"):
        group.set(f"{kind}s", str(sum(case.find(kind) is not None for case in found)))
    group.set("skipped", "0")
    group.set("time", f"{sum(float(case.get('time', 0)) for case in found):.3f}")


def _clean(text: str) -> str:
    return _NO_XML.sub(lambda match: ascii(match[0])[1:-1], text)
