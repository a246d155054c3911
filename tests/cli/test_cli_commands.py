"""The smaller commands, and what all commands share."""

import json
import subprocess
import sys

import pytest

from bot.cli import COMMANDS


def test_help_names_every_command_and_the_first_steps(desk):
    result = desk.run("--help")
    assert result.code == 0
    assert all(f"  {command} " in result.out for command in COMMANDS)
    assert "presswatch run --once" in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(desk, command):
    result = desk.run(command, "--help")
    assert result.code == 0
    assert "Usage:" in result.out


def test_help_loads_none_of_the_heavy_libraries(desk):
    code = (
        "import sys; sys.argv = ['presswatch', '--help']\nfrom bot.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'sqlalchemy', 'aiohttp', 'pydantic', 'feedparser', 'slack_sdk', 'rich', 'json', 'bot.cli.common'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=desk.folder,
        env=desk.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["rnu"], 'did you mean "run"?'),
        (["run", "--force"], "--once"),
        (["rules", "show", "tarifs"], 'did you mean "tariffs"?'),
        (["match", "--rule", "nothing", "rules/rules.toml"], "rules list"),
        (["match"], "FILE"),
        (["alerts", "--last", "0"], "--last"),
    ],
)
def test_wrong_use_exits_2_and_says_how_it_is_meant(desk, args, hint):
    result = desk.run(*args)
    assert result.code == 2
    assert hint in result.err


def test_init_writes_a_config_that_loads_and_never_overwrites(desk):
    (desk.folder / "config.toml").unlink()
    assert desk.run("init").code == 0
    assert desk.run("sources", "list").code == 0
    again = desk.run("init")
    assert again.code == 2
    assert "--force" in again.err
    assert desk.run("init", "--force").code == 0


def test_match_prints_one_object_per_mention_with_exact_offsets(desk):
    text = "The tariff is gone. Another sentence. Tariffs came back; nobody liked the new tariff's height."
    path = desk.write("some text.txt", text)
    rows = desk.run("match", str(path), "--json").rows
    assert [row["rule"] for row in rows] == ["tariffs"]
    assert rows[0]["file"] == str(path)
    assert {"file", "rule", "hits", "sentences"} == set(rows[0])
    hits = [hit for hit in rows[0]["hits"] if hit["field"] == "body"]
    assert [hit["text"] for hit in hits] == ["tariff", "Tariffs", "tariff's"]
    assert all(text[hit["start"] : hit["end"]] == hit["text"] for hit in hits)
    assert not (desk.folder / "var").exists()


def test_match_reads_html_feeds_and_standard_input(desk):
    page_ = desk.write(
        "page.html", "<html><head><title>T</title></head><body><p>A <b>tar</b>iff on pots.</p></body></html>"
    )
    feed = desk.write(
        "feed.xml",
        '<rss version="2.0"><channel><title>F</title><item><title>Tariff up</title></item><item><title>Rain</title></item></channel></rss>',
    )
    assert [row["rule"] for row in desk.run("match", str(page_), "--json").rows] == ["tariffs"]
    assert len(desk.run("match", str(feed), "--json").rows) == 1
    assert len(desk.run("match", "-", "--json", stdin="A tariff on pots.").rows) == 1


def test_match_names_a_file_it_cannot_read_and_goes_on(desk):
    good = desk.write("good.txt", "A tariff on pots.")
    result = desk.run("match", "missing.txt", str(good), "--json")
    assert result.code == 1
    assert "missing.txt" in result.err
    assert len(result.rows) == 1


def test_rules_check_passes_and_shows_what_an_edited_rule_would_hit(desk):
    desk.seed(1, "Tariffs on kettles rise")
    desk.seed(2, "Tariffs on pots fall")
    desk.run("run", "--once")
    checked = desk.run("rules", "check").out
    assert "all good" in checked
    assert checked.splitlines()[1].split() == ["tariffs", "tariff", "1", "0", "0", "1,000.0"]
    assert "of the newest 2 archived articles" in checked
    text = (desk.folder / "rules" / "rules.toml").read_text()
    desk.write("rules/rules.toml", text.replace('any = ["tariff"]', 'any = ["tariff"]\nnone = ["pot"]'))
    result = desk.run("rules", "check")
    assert result.code == 0
    assert "tariffs (changed): would hit 1 of 2 archived articles (50 %); +0 −1 against the rule in use" in result.out


def test_rules_check_says_what_each_rule_costs_before_there_is_an_archive(desk):
    desk.write(
        "rules/more.toml",
        '[[rule]]\nid = "a-rule-with-a-rather-long-name"\nall = ["semiconduct*", "/section 30[12]/", "出口管制"]\n',
    )
    result = desk.run("rules", "check")
    assert "No archive yet" in result.err
    lines = result.out.splitlines()
    assert lines[0].split() == ["rule", "looked", "at", "where", "terms", "term*", "/re/", "per", "1,000"]
    assert lines[1].split() == ["a-rule-with-a-rather-…", "/section", "30[12]/", "1", "1", "1", "–"]
    assert lines[2].split() == ["tariffs", "tariff", "1", "0", "0", "–"]
    assert max(map(len, lines)) <= 80


def test_rules_check_names_every_mistake_with_its_place(desk):
    desk.write(
        "rules/bad.toml",
        '[[rule]]\nid = "a"\ntitle = "A"\nany = ["@nobody"]\n\n[[rule]]\nid = "b"\ntitle = "B"\nseverity = "hihg"\nany = ["x"]\n',
    )
    result = desk.run("rules", "check")
    assert result.code == 1
    assert "bad.toml:4:" in result.err
    assert "bad.toml:9:" in result.err
    assert '"high"' in result.err


def test_a_rule_whose_own_test_fails_is_a_mistake(desk):
    text = (desk.folder / "rules" / "rules.toml").read_text()
    desk.write("rules/rules.toml", text.replace("A calm day.", "A tariff."))
    check = desk.run("rules", "check")
    assert check.code == 1
    assert "its own test fails" in check.err
    test = desk.run("rules", "test")
    assert test.code == 1
    assert "1 passed, 1 failed" in test.out


def test_rules_show_and_list(desk):
    shown = desk.run("rules", "show", "tariffs")
    assert '\n"tariff"\n' in shown.out
    assert "An article matches when “tariff” occurs." in shown.out
    assert "Looked at only where “tariff” occurs." in shown.out
    assert [row["id"] for row in desk.run("rules", "list", "--json").rows] == ["tariffs"]


def test_the_anchor_shown_is_the_one_by_which_the_bot_looks_at_the_rule(desk):
    book = '[[rule]]\nid = "frequent"\nall = ["quarterly", "kettle"]\n\n'
    book += "".join(f'[[rule]]\nid = "rule-{number}"\nany = ["word{number:03}x"]\n\n' for number in range(497))
    desk.write("rules/more.toml", book)
    desk.seed(1, "Kettles in a quarterly report")
    for number in range(2, 8):
        desk.seed(number, f"Quarterly report {number}")
    assert desk.run("run", "--once").code == 0
    # 499 rules with the one of the folder: the longer word is taken for the rarer one
    assert "Looked at only where “quarterly” occurs." in desk.run("rules", "show", "frequent").out
    desk.write("rules/more.toml", book + '[[rule]]\nid = "one-more"\nany = ["onemore"]\n')
    assert desk.run("run", "--once").code == 0
    assert "Looked at only where “kettle” occurs." in desk.run("rules", "show", "frequent").out
    assert desk.run("rules", "show", "frequent", "--json").rows[0]["anchor"] == ["kettle"]
    (row,) = [row for row in desk.run("rules", "check", "--json").rows if row.get("rule") == "frequent"]
    assert row["anchor"] == ["kettle"]


def test_an_unreadable_seed_is_recorded_against_its_source_and_the_rest_goes_on(desk):
    desk.seed(1, "Tariffs rise")
    (desk.folder / "seeds" / "2.txt").write_bytes(b"\x00\x01\x02\xff\xfe binary \x00" * 50)
    result = desk.run("run", "--once")
    assert "Tariffs rise" in result.out
    assert "2.txt" in result.out
    listed = desk.run("sources", "list")
    assert listed.code == 1
    assert "2.txt" in listed.out


def test_db_backup_copies_a_database_that_opens(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    result = desk.run("db", "backup", "copy.db")
    assert result.code == 0
    desk.env["PRESSWATCH_DATABASE_URL"] = f"sqlite:///{desk.folder / 'copy.db'}"
    assert [row["headline"] for row in desk.run("alerts", "--json").rows] == ["Tariffs rise"]
    assert desk.run("db", "upgrade").code == 0


def test_json_output_is_one_object_per_line_for_every_listing(desk):
    desk.seed(1, "Tariffs rise")
    once = desk.run("run", "--once", "--json")
    assert [next(iter(row)) for row in once.rows] == ["alert", "source", "summary"]
    for command in (["sources", "list"], ["alerts"], ["doctor"], ["rules", "list"]):
        result = desk.run(*command, "--json")
        assert result.rows, command
        assert all(isinstance(json.loads(line), dict) for line in result.out.splitlines())


def test_completion_knows_the_commands(desk):
    desk.env.update(_PRESSWATCH_COMPLETE="bash_complete", COMP_WORDS="presswatch ru", COMP_CWORD="1")
    script = "import sys; sys.argv = ['presswatch']; from bot.cli import main; main()"
    out = subprocess.run(
        [sys.executable, "-c", script],
        cwd=desk.folder,
        env=desk.environment(),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert {line.split(",")[-1] for line in out.splitlines()} == {"run", "rules"}


def test_a_reader_who_goes_away_is_no_error(desk):
    read = subprocess.Popen(["head", "-1"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process = desk.start("rules", "show", "tariffs", stdout=read.stdin, stderr=subprocess.PIPE)
    read.stdin.close()
    _, err = process.communicate(timeout=30)
    read.wait(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_no_colour_in_a_pipe(desk):
    desk.seed(1, "Tariffs rise")
    for command in (["run", "--once"], ["sources", "list"], ["doctor"], ["rules", "check"]):
        result = desk.run(*command)
        assert "\x1b" not in result.out + result.err


def test_alerts_to_a_mistyped_destination_is_wrong_use(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    result = desk.run("alerts", "--to", "consle")
    assert result.code == 2
    assert "console" in result.err
    assert desk.run("alerts", "--to", "console").code == 0
