"""The failure modes: each with its group and meaning, no share without a source, and files that are wrong refused."""

import datetime
import re
from pathlib import Path

import pytest
import yaml

from crewgen_core.catalog.failure_modes import PATH, load_failure_modes
from crewgen_core.errors import CatalogFault
from crewgen_core.validation.rules import RULES

FOUND = load_failure_modes()


def test_the_study_says_where_and_when_it_was_published() -> None:
    study = FOUND.study
    assert (study.source, study.date) == ("arXiv 2503.13657 v3", datetime.date(2025, 10, 26))
    assert (study.traces, study.frameworks, study.failing_low, study.failing_high) == (1642, 7, 41, 86.7)


def test_there_are_the_fourteen_modes_of_three_groups_whose_shares_make_up_everything() -> None:
    assert [mode.code for mode in FOUND.modes] == [
        *(f"FM-1.{n}" for n in range(1, 6)),
        *(f"FM-2.{n}" for n in range(1, 7)),
        *(f"FM-3.{n}" for n in range(1, 4)),
    ]
    assert sum(group.share for group in FOUND.groups) == pytest.approx(100)
    for group in FOUND.groups:
        shares = [mode.share for mode in FOUND.modes if mode.group == group.key]
        missing = group.share - sum(share or 0 for share in shares)
        assert missing == pytest.approx(0.8 if None in shares else 0)


def test_reasons_of_rules_quote_only_shares_that_the_file_has() -> None:
    shares = {f"{mode.share:g}" for mode in FOUND.modes if mode.share} | {f"{group.share:g}" for group in FOUND.groups}
    for rule in RULES:
        if "MAST" in rule.reason:
            assert set(re.findall(r"([\d.]+) % (?:of (?:all )?failures|and wrong)", rule.reason)) <= shares, rule.code


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content["modes"].append(content["modes"][0]), "twice"),
        (lambda content: content["modes"][0].update(group="luck"), "luck"),
        (lambda content: content["modes"][0].update(share=90), "larger"),
        (lambda content: content["modes"][0].update(shares=1), "modes.0.shares"),
        (lambda content: content["study"].pop("source"), "study.source"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(change, told: str, tmp_path: Path) -> None:
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "failure_modes.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(CatalogFault, match=told):
        load_failure_modes(path)


@pytest.mark.parametrize("text", ["modes: [", "\xff"])
def test_a_file_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "failure_modes.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CatalogFault, match="failure_modes"):
        load_failure_modes(path)
