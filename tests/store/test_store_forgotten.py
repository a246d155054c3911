"""What is removed whole leaves no row behind that refers to it, in whatever table; see also the pipeline's tests."""

import sqlalchemy as sa
from store_samples import NOW, article, later, mention, put_alert, put_article, put_message, put_source

from bot.model import Related
from bot.store import articles, forgotten, stories
from bot.store import tables as t


def test_what_only_refers_to_it_stays_and_what_must_goes(store):
    put_source(store, "wire", "paper")
    with store.write() as tx:
        old, story, version = put_article(tx, article("old"))
        articles.add_mentions(tx, version, [mention()])
        alert, told, told_story = put_alert(tx, article("told"))
        young, young_story, _ = put_article(tx, article("young"), at=later(days=90))
        tx.run(
            sa.insert(t.story_member).values(
                story=young_story, article=old, kind="related", score=0.1, reason="r", at=NOW
            )
        )
        tx.run(sa.update(t.story_member).where(t.story_member.c.article == young).values(copy_of=old))
        stories.relate(tx, old, [Related(story=young_story, article=young, score=0.2, reason="x")], NOW)
        message = put_message(tx, "waits")
        assert message
    with store.read() as tx:
        due = forgotten.due(tx, later(days=30))
        assert due == [story, told_story]  # not the young one, nor the one whose message waits
        assert forgotten.count(tx, due) == 2
    with store.write() as tx:
        assert forgotten.remove(tx, due, NOW) == 2
    with store.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(t.mention)) == 0
        member = tx.row(sa.select(t.story_member).where(t.story_member.c.article == young))
        assert member["copy_of"] is None
        assert forgotten.known(tx, "wire", [article("old"), article("told"), article("never", fingerprint="f")]) == {
            "old",
            "told",
        }
        assert forgotten.known(tx, "paper", [article("old")]) == set()  # each source has names of its own
        assert tx.value(sa.select(t.alert.c.id).where(t.alert.c.id == alert)) is None
        assert told
    if store.engine.dialect.name == "sqlite":
        with store.read() as tx:
            assert tx.rows(sa.text("PRAGMA foreign_key_check")) == []


def test_every_reference_to_what_is_removed_is_found_by_an_index(store):
    """Else a database reads the whole table for each row that goes."""
    gone = {t.story, t.article, t.article_version, t.alert, t.delivery}
    inspector = sa.inspect(store.engine)
    missing: list[str] = []
    for table in t.metadata.sorted_tables:
        led = {index["column_names"][0] for index in inspector.get_indexes(table.name)}
        led |= {each["column_names"][0] for each in inspector.get_unique_constraints(table.name)}
        led.add(inspector.get_pk_constraint(table.name)["constrained_columns"][0])
        to = {column.name for column in table.columns if any(key.column.table in gone for key in column.foreign_keys)}
        missing += [f"{table.name}.{name}" for name in sorted(to - led)]
    assert missing == []
