"""Feeds that break off: told from whole ones, however these end."""

import pytest

from bot.ingest.cutoff import breaks_off

RSS = '<?xml version="1.0"?>\n<!-- <a> -->\n<rss version="2.0"><channel><item><title>a</title></item></channel></rss>'
ATOM = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>a</a:title></a:entry></a:feed>'
RDF = '<rdf:RDF><channel rdf:about="x"><title>t</title></channel><item><title>a</title></item></rdf:RDF>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("whole", [RSS, ATOM, RDF, "<urlset><url><loc>/a</loc></url></urlset>"])
def test_wherever_a_feed_breaks_off_before_its_last_tag(whole, encoding):
    body = whole.encode(encoding)
    assert not breaks_off(body)
    assert not breaks_off((whole + "\n<!-- cached -->\n<br />Warning: no database").encode(encoding))
    last = whole.rindex("</")
    before = whole.rindex("</", 0, last)
    assert all(breaks_off(whole[:end].encode(encoding)) for end in range(before - 12, before + 5))


@pytest.mark.parametrize("body", ["", "<rss/>", "<html><p>x", '{"items": [', "plain text", RSS.removesuffix("</rss>")])
def test_what_is_whole_or_no_feed_is_not_cut(body):
    assert not breaks_off(body.encode())
