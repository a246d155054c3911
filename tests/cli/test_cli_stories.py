"""``presswatch stories``: of the archive, and of files that nobody stores."""

import json

WIRE = (
    "The Commerce Department said on Tuesday that twenty-seven companies had been taken off its list of unverified "
    "buyers, because inspectors had at last been let into their warehouses in Shenzhen and Suzhou. Sellers of machine "
    "tools had waited for the decision since the spring and asked for more of the same. The ministry in Beijing called "
    "it a step that helps trade between the two countries, and promised to arrange the visits that are still due."
)


def line(**keys):
    return json.dumps(keys) + "\n"


def test_without_an_archive_it_says_how_to_get_one(desk):
    done = desk.run("stories")
    assert (done.code, done.out) == (0, "No such story.\n")
    assert "presswatch run --once" in done.err
    assert not (desk.folder / "var").exists()


def test_the_archive_s_stories(desk):
    desk.seed(1, "Tariffs rise", body=WIRE)
    desk.seed(2, "Another headline", body=WIRE)
    desk.seed(3, "Rain", body="It rained all day.")
    desk.run("run", "--once")
    (story,) = desk.run("stories", "--several", "--json").rows
    assert len(desk.run("stories", "--json").rows) == 2
    assert [copy["reason"] for copy in story["copies"]] == ["the same words, retitled"]
    assert story["copies"][0]["copy_of"] == story["lead"]["article"]
    assert (story["members"], story["related"]) == ([], [])
    shown = desk.run("stories", "--several").out
    assert "2 articles" in shown
    assert "copy: " in shown
    assert "(0.99: the same words, retitled)" in shown
    assert desk.run("stories", "--several", "--since", "2100-01-01", "--json").rows == []


def test_lines_of_json_are_brought_together_and_not_stored(desk):
    text = line(title="First", text=WIRE, source="A wire", published="2025-03-04T10:00:00Z")
    text += line(title="Second", text=WIRE, source="A paper", published="2025-03-04T12:00:00Z", id=7)
    text += line(title="An undated note")
    path = desk.write("articles.jsonl", text)
    done = desk.run("stories", str(path))
    assert (done.code, done.err) == (0, "")
    undated, first = done.out.split("2025-03-04 10:00 UTC")
    assert undated.startswith("date unknown  An undated note\n")
    assert "A wire · 2 articles" in first
    assert "copy: A paper – Second" in first
    assert not (desk.folder / "var").exists()


def test_the_last_ones_and_how_many_more_there_are(desk):
    path = desk.write("articles.jsonl", "".join(line(title=f"Headline of day {n}") for n in range(3)))
    done = desk.run("stories", str(path), "--last", "2")
    assert (done.out.count("date unknown"), "there are more: --last N" in done.err) == (2, True)


def test_a_file_that_cannot_be_read_is_named_and_the_others_count(desk):
    bad, good = desk.write("bad.jsonl", "{}\n"), desk.write("good.txt", WIRE)
    done = desk.run("stories", str(bad), str(good), "--json")
    assert (done.code, len(done.rows)) == (1, 1)
    assert f"{bad}: line 1 has neither" in done.err
