"""A policy file is checked before anybody's request depends on it; errors say what to mend."""

from __future__ import annotations

import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path

import pytest

from domain.policy import EscalationPolicy, StepKind
from domain.policy_file import (
    QUIET_HOURS,
    SETTINGS,
    STEP_FIELDS,
    PolicyError,
    load_policy,
    main,
    policy_from,
)

ROOT = Path(__file__).parents[2]
WAVE, CALLED, BREACH = "0m wave scope=full", "24h coordinators", "48h breach"


REFUSED = Path(__file__).with_name("refused_policies.txt")


def steps(*lines: str) -> str:
    """Steps in short: "72h remind owner repeat=5 every=24h"."""
    blocks = []
    for line in lines:
        after, *words = line.split()
        do = " ".join(word for word in words if "=" not in word)
        pairs = [word.split("=") for word in words if "=" in word]
        fields = [
            f"{key} = {value}" if value.lstrip("-").isdigit() else f'{key} = "{value}"'
            for key, value in [("after", after), ("do", do), *pairs]
        ]
        blocks.append("\n".join(["[[steps]]", *fields, ""]))
    return "\n".join(blocks)


def with_settings(text: str) -> str:
    return f"{text}\n{steps(WAVE, CALLED, BREACH)}"


def toml_of(lines: list[str]) -> str:
    """A policy as ``refused_policies.txt`` writes it."""
    settings = [line[2:] for line in lines if line.startswith("= ")]
    given = [line for line in lines if not line.startswith("= ")]
    if len(given) == 1:
        given = [WAVE, *given, CALLED, BREACH]
    return "\n".join([*settings, steps(*(given or (WAVE, CALLED, BREACH)))])


def refused_policies() -> list[object]:
    """Title, policy and problems of every refusal in the list."""
    cases: list[object] = []
    for block in REFUSED.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = [line for line in block.splitlines() if line]
        policy = [line for line in lines if not line.startswith("-> ")]
        problems = tuple(line[3:] for line in lines if line.startswith("-> "))
        cases.append(pytest.param(toml_of(policy), problems, id=title))
    return cases


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refusal:
        policy_from(text, "mine.toml")
    lines = str(refusal.value).splitlines()
    assert lines == [f"mine.toml: {problem}" for problem in refusal.value.problems]
    return refusal.value.problems


# ---- what a file may say --------------------------------------------------------------------


def test_three_steps_are_a_policy() -> None:
    policy = policy_from(steps(WAVE, CALLED, BREACH), "mine.toml")
    assert [step.do for step in policy.steps] == [
        StepKind.WAVE,
        StepKind.COORDINATORS,
        StepKind.BREACH,
    ]


def test_every_field_of_every_step_is_read() -> None:
    policy = policy_from(
        steps(
            "0m preferred waking=8h at_most=20h",
            "0m wave scope=full size=7 spacing=90m",
            "8h remind",
            "9h wave scope=all size=all",
            "10h bump repeat=2 every=5h",
            CALLED,
            "24h update mentee repeat=2 every=24h",
            "47h warn owner",
            BREACH,
            "72h remind owner repeat=3 every=2d",
            "7d park",
        ),
        "mine.toml",
    )
    preferred, first, _, second, bump = policy.steps[:5]
    assert (preferred.waking, preferred.at_most) == (timedelta(hours=8), timedelta(hours=20))
    assert (first.size, first.spacing) == (7, timedelta(minutes=90))
    assert second.size == "all"
    assert (bump.repeat, bump.every) == (2, timedelta(hours=5))
    assert policy.steps[-2].every == timedelta(days=2)


@pytest.mark.parametrize(
    "written", ['start = "22:30", end = "07:15"', "start = 22:30:00, end = 07:15:00"]
)
def test_quiet_hours_are_written_as_text_or_as_toml_times(written: str) -> None:
    hours = policy_from(with_settings(f"quiet_hours = {{ {written} }}"), "mine.toml").quiet_hours
    assert hours is not None
    assert (hours.start, hours.end, hours.time_zone) == (time(22, 30), time(7, 15), "UTC")


def test_a_file_without_quiet_hours_has_the_usual_ones() -> None:
    hours = policy_from(with_settings(""), "mine.toml").quiet_hours
    assert hours is not None
    assert (hours.start, hours.end) == (time(21), time(8))


def test_quiet_hours_that_end_as_they_begin_are_none() -> None:
    text = with_settings('quiet_hours = { start = "08:00", end = "08:00" }')
    hours = policy_from(text, "mine.toml").quiet_hours
    assert hours is not None
    assert hours.awake == timedelta(days=1)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + steps(WAVE, CALLED, BREACH).replace("\n", "\r\n").encode())
    assert isinstance(load_policy(path), EscalationPolicy)


# ---- what it may not ------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "problems"), refused_policies())
def test_what_can_not_work_is_refused_with_the_place_and_what_to_write(
    text: str, problems: tuple[str, ...]
) -> None:
    assert problems
    assert refused(text) == problems


def test_a_step_without_a_time_or_a_kind_is_refused() -> None:
    assert refused('[[steps]]\ndo = "remind"\n[[steps]]\nafter = "8h"') == (
        'step 1 "remind", after: is missing; write one like after = "8h"',
        'step 2, do: is missing; write "preferred", "wave", "remind", "bump", "coordinators", '
        '"update mentee", "warn owner", "breach", "remind owner" or "park"',
    )


def test_a_setting_below_the_steps_is_shown_its_place() -> None:
    text = steps(WAVE, CALLED, BREACH) + 'undo_window = "5m"\n'
    assert refused(text) == (
        'step 3 "breach", undo_window: is a setting of the whole policy; move it to the top of '
        "the file",
    )


@pytest.mark.parametrize("text", ["steps = 3", "steps = [3]"])
def test_steps_that_are_none_are_refused(text: str) -> None:
    assert "write [[steps]] above" in refused(text)[0]


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    broken, unreadable = tmp_path / "broken.toml", tmp_path / "latin.toml"
    broken.write_text("steps = [", encoding="utf-8")
    unreadable.write_bytes('name = "Müllers"'.encode("latin-1"))
    for path, said in (
        (tmp_path / "nowhere.toml", "there is no such policy file"),
        (broken, "is not valid TOML: "),
        (unreadable, "is not text; save it as UTF-8"),
        (tmp_path, "can't be read: "),
    ):
        with pytest.raises(PolicyError) as refusal:
            load_policy(path)
        assert str(refusal.value).startswith(f"{path}: {said}")


# ---- the command ----------------------------------------------------------------------------


def test_the_command_shows_the_ladder_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "policies" / "default.toml")]) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "0h wave (full) mentors who have every skill, 15 at once, more after 2h" in shown
    assert "48h* breach the coordinators' thread, calling the owner by name" in shown
    assert "168h (7 d) remind owner, 5 of 5 the owner, in the daily roll-up" in shown
    at = [line.split()[0] for line in shown if line[:1].isdigit()]
    assert at == sorted(at, key=lambda time: int(time.rstrip("h*")))


def test_the_command_shows_what_is_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(with_settings('quiet_hours = { start = "08:00", end = "08:00" }'))
    assert main([str(path)]) == 0
    shown = capsys.readouterr().out
    assert "Quiet hours: none." in shown
    assert "never without a word of the mentor" in shown


def test_the_command_lists_problems_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(steps(WAVE, CALLED))
    assert main([str(ROOT / "policies" / "ten-mentors.toml"), str(path)]) == 1
    shown = capsys.readouterr().out
    assert "every mentor with room, all at once" in shown
    assert f"{path}: steps: nothing says when the promise is broken" in shown


def test_the_command_asks_for_a_file() -> None:
    assert main([]) == 2


def test_the_command_runs_as_a_module() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "domain.policy_file", "policies/default.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("default\n")


# ---- the guide ------------------------------------------------------------------------------

GUIDE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


def test_the_guide_explains_every_step_with_its_fields() -> None:
    rows = {line.split("`")[1]: line for line in GUIDE.splitlines() if line.startswith("| `")}
    for kind, fields in STEP_FIELDS.items():
        assert [field for field in fields if f"`{field}`" not in rows[kind.value]] == []


def test_the_guide_explains_every_setting() -> None:
    words = [*SETTINGS, *QUIET_HOURS, "quiet_hours"]
    assert [word for word in words if f"`{word}`" not in GUIDE and f"{word} =" not in GUIDE] == []


def test_the_guide_shows_the_default_policy_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(ROOT / "policies" / "default.toml")])
    ladder = capsys.readouterr().out.split("\n\n")[1]
    assert ladder in GUIDE
