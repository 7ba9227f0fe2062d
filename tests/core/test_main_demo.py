"""The command that loads and removes the demo."""

from tests.support.command_line import Run


def test_the_demo_is_loaded_and_removed_by_a_command(run: Run) -> None:
    assert "No demo is loaded" in run("demo", "--remove").out
    loaded = run("demo")
    assert loaded.code == 0 and "44 simulated runs" in loaded.out and "Designing" in loaded.err
    again = run("demo", "--json").document
    assert (again["crews"], again["may_remove"]) == (42, True)
    assert "Demo data" in run("runs", "1").out
    removed = run("demo", "--remove", "--json").document
    assert (removed["removed"]["crews"], removed["kept"]) == (42, [])
