"""``run --once`` tells those who run the program what is wrong, on the terminal if they wish."""

OPS = '[[destination]]\nid = "console"\nkind = "console"\n[ops]\nnotify = ["console"]\n'
BROKEN = '[[rule]]\nid = "pans"\ntitle = "Pans"\nanny = ["pan"]\n'


def with_ops(desk):
    config = desk.folder / "config.toml"
    config.write_text(config.read_text() + OPS)
    return desk


def test_a_broken_rule_is_told_once_and_counts_as_no_alert(desk):
    with_ops(desk).write("rules/broken.toml", BROKEN)
    first = desk.run("run", "--once")
    assert first.code == 1
    assert first.out.count("Presswatch needs a look") == 1
    assert "! Rule pans: rejected and not in force – broken.toml:" in first.out
    assert "presswatch rules check" in first.out
    assert "Nothing new to alert" in first.out
    second = desk.run("run", "--once")
    assert second.code == 1, "it is still broken"
    assert "Presswatch needs a look" not in second.out


def test_with_json_a_notice_is_an_object_of_its_own(desk):
    with_ops(desk).write("rules/broken.toml", BROKEN)
    desk.seed(1, "Tariffs rise")
    rows = desk.run("run", "--once", "--json").rows
    assert [row["alert"].splitlines()[0] for row in rows if "alert" in row] == ["Tariffs rise"]
    assert [row["notice"].splitlines()[0] for row in rows if "notice" in row] == ["Presswatch needs a look"]
    assert [row["summary"]["sent"] for row in rows if "summary" in row] == [1]


def test_a_queue_that_every_run_tries_and_nobody_mends_is_told_once(desk):
    """Each run lets a held queue go for a try, so that it is held only after the deliveries."""
    desk.write(
        "config.toml",
        '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\n'
        '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "alerts"\n'
        + OPS.replace("[ops]", "default = false\n[ops]"),
    )
    desk.seed(1, "Tariffs rise")
    runs = [desk.run("run", "--once") for _ in range(3)]
    told = [run.out.count("! Destination desk: its queue is held with 1 waiting") for run in runs]
    assert told == [1, 0, 0]
    assert "SLACK_BOT_TOKEN" in runs[0].out
    assert [run.code for run in runs] == [1, 1, 1]


def test_without_ops_nothing_is_told_but_the_exit_code_and_the_fault_are_there(desk):
    desk.write("rules/broken.toml", BROKEN)
    result = desk.run("run", "--once")
    assert result.code == 1
    assert "broken.toml:" in result.err
    assert "needs a look" not in result.out
