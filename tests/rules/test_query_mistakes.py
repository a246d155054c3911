"""Every kind of mistake in a query: where it is, what is said, what to write."""

import json

import pytest
from query_names import read

ONE = [
    (
        "a OR b AND c",
        "       ^^^",
        "AND and OR stand side by side without brackets",
        "write a OR (b AND c), or (a OR b) AND c",
    ),
    (
        'a OR b AND c OR "d e"',
        "       ^^^",
        "AND and OR stand side by side without brackets",
        'write a OR (b AND c) OR "d e", or (a OR b) AND (c OR "d e")',
    ),
    (
        "a AND NOT b OR $chips",
        "            ^^",
        "AND and OR stand side by side without brackets",
        "write (a AND NOT b) OR $chips, or a AND (NOT b OR $chips)",
    ),
    ("a NOT b", "  ^^^", "NOT stands between two operands", "write a AND NOT b"),
    ('"a b" NOT @huawei', "      ^^^", "NOT stands between two operands", 'write "a b" AND NOT @huawei'),
    ("NOT a NEAR/5 b", "^^^^^^^^^^^^", 'NOT before "NEAR/5" can be read in two ways', "write NOT (a NEAR/5 b)"),
    ("NOT NOT a", "^^^^^^^", "NOT is said more than once", "write a"),
    ("a AND NOT NOT NOT b", "      ^^^^^^^^^^^", "NOT is said more than once", "write NOT b"),
    (
        "export control",
        "^^^^^^^^^^^^^^",
        "there is no operator between these words",
        'write "export control" for the phrase, or export AND control',
    ),
    (
        "a AND export control",
        "      ^^^^^^^^^^^^^^",
        "there is no operator between these words",
        'write "export control" for the phrase, or (export AND control)',
    ),
    ("a OR b c", "     ^^^", "there is no operator between these words", 'write "b c" for the phrase, or (b AND c)'),
    (
        "a NEAR/5 export control",
        "         ^^^^^^^^^^^^^^",
        "there is no operator between these words",
        'write "export control" for the phrase',
    ),
    ('"a b" "c d"', "^^^^^^^^^^^", "there is no operator between these", 'write "a b" AND "c d"'),
    (
        "(a OR b) export ban",
        "         ^^^^^^^^^^",
        "there is no operator before this",
        'write (a OR b) AND "export ban"',
    ),
    (
        "@huawei tariff cut",
        "^^^^^^^^^^^^^^^^^^",
        "there is no operator between these",
        'write @huawei AND "tariff cut"',
    ),
    ("a ATLEAST/2 b", "^^^^^^^^^^^", "there is no operator between these", "write a AND ATLEAST/2 b"),
    ("a NEAR b", "  ^^^^", '"NEAR" needs a number', 'write NEAR/5, or "NEAR" to look for the word'),
    ("a ONEAR b", "  ^^^^^", '"ONEAR" needs a number', 'write ONEAR/5, or "ONEAR" to look for the word'),
    ("a NOT NEAR b", "  ^^^^^^^^", '"NOT NEAR" needs a number', 'write NOT NEAR/5, or "NOT NEAR" to look for the word'),
    (
        "a NEAR 5 b",
        "  ^^^^^^",
        '"NEAR 5": no operator is written so',
        'write NEAR/5, or "NEAR 5" to look for the words',
    ),
    ("a NEAR/x b", "  ^^^^^^", '"NEAR/x": a whole number must follow "NEAR/"', "write NEAR/5, with a blank behind it"),
    ("a NEAR/1001 b", "       ^^^^", "1001 is out of range", "write a number from 0 to 1,000"),
    (
        "a NEAR/99999999999999999999 b",
        "       ^^^^^^^^^^^^^^^^^^^^",
        "999999999… is out of range",
        "write a number from 0 to 1,000",
    ),
    (
        "a NOT ONEAR/5 b",
        "  ^^^^^^^^^^^",
        '"NOT ONEAR/5": no operator is written so',
        'write NOT NEAR/5, or "NOT ONEAR/5" to look for the words',
    ),
    ("a near b", "  ^^^^", '"near" is no operator here', 'write NEAR/5, or "near" to look for the word'),
    ("a w/5 b", "  ^^^", '"w/5" is no operator here', 'write NEAR/5, or "w/5" to look for the word'),
    ("a pre/2 b", "  ^^^^^", '"pre/2" is no operator here', 'write ONEAR/2, or "pre/2" to look for the word'),
    (
        "a near/5 b",
        "  ^^^^^^",
        '"near/5": operators are written in capitals',
        'write NEAR/5, or "near/5" to look for the words',
    ),
    (
        "a Not Near/5 b",
        "  ^^^^^^^^^^",
        '"Not Near/5": operators are written in capitals',
        'write NOT NEAR/5, or "Not Near/5" to look for the words',
    ),
    (
        "a in sentence with b",
        "  ^^^^^^^^^^^^^^^^",
        '"in sentence with": operators are written in capitals',
        'write IN SENTENCE WITH, or "in sentence with" to look for the words',
    ),
    ("a and b", "  ^^^", '"and": operators are written in capitals', 'write AND, or "and" to look for the word'),
    ("a Or b", "  ^^", '"Or": operators are written in capitals', 'write OR, or "Or" to look for the word'),
    (
        "a AND not b",
        "      ^^^",
        '"not": operators are written in capitals',
        'write NOT, or "not" to look for the word',
    ),
    (
        "3 of (a, b, c)",
        "^^^^",
        '"3 of": operators are written in capitals',
        'write 3 OF, or "3 of" to look for the words',
    ),
    (
        "3OF(a, b, c)",
        "^^^",
        '"3OF": no operator is written so',
        'write 3 OF, or "3OF" to look for the words',
    ),
    (
        "atleast/2 a",
        "^^^^^^^^^",
        '"atleast/2": operators are written in capitals',
        'write ATLEAST/2, or "atleast/2" to look for the words',
    ),
    ("ATLEAST a", "^^^^^^^", '"ATLEAST" needs a number', 'write ATLEAST/3, or "ATLEAST" to look for the word'),
    ("ATLEAST/0 a", "        ^", "0 is out of range", "write a number from 1 to 1,000"),
    (
        "ATLEAST/many a",
        "^^^^^^^^^^^^",
        '"ATLEAST/many": a whole number must follow "ATLEAST/"',
        "write ATLEAST/3, with a blank behind it",
    ),
    (
        "a NEAR/5 b NEAR/3 c",
        "           ^^^^^^",
        '"NEAR/3" follows another such operator',
        "write (a NEAR/5 b) AND (b NEAR/3 c)",
    ),
    (
        "a NEAR/5 b IN SENTENCE WITH c",
        "           ^^^^^^^^^^^^^^^^",
        '"IN SENTENCE WITH" follows another such operator',
        "write (a NEAR/5 b) AND (b IN SENTENCE WITH c)",
    ),
    (
        "(a NEAR/5 b) NEAR/3 c",
        "^^^^^^^^^^^^",
        "a second such operator cannot stand beside NEAR/3",
        "write (a NEAR/5 b) AND (b NEAR/3 c)",
    ),
    (
        "a NEAR/3 (b NOT NEAR/5 c)",
        "         ^^^^^^^^^^^^^^^^",
        "a second such operator cannot stand beside NEAR/3",
        "write (a NEAR/3 b) AND (b NOT NEAR/5 c)",
    ),
    (
        "a NEAR/5 (b AND c)",
        "         ^^^^^^^^^",
        "AND cannot stand beside NEAR/5",
        "write (a NEAR/5 b) AND (a NEAR/5 c)",
    ),
    (
        "(a AND b) IN PARAGRAPH WITH c",
        "^^^^^^^^^",
        "AND cannot stand beside IN PARAGRAPH WITH",
        "write (a IN PARAGRAPH WITH c) AND (b IN PARAGRAPH WITH c)",
    ),
    ("a NEAR/5 NOT b", "         ^^^^^", "NOT cannot stand beside NEAR/5", "write a NOT NEAR/5 b"),
    ("a ONEAR/5 (NOT b)", "          ^^^^^^^", "NOT cannot stand beside ONEAR/5", "write a AND NOT (a ONEAR/5 b)"),
    ("title:a NEAR/5 b", "^^^^^^^", "a field cannot stand beside NEAR/5", "write title:(a NEAR/5 b)"),
    (
        "title:a NEAR/5 title:(b OR c)",
        "^^^^^^^",
        "a field cannot stand beside NEAR/5",
        "write title:(a NEAR/5 (b OR c))",
    ),
    (
        "title:a NEAR/5 body:b",
        "^^^^^^^",
        "a field cannot stand beside NEAR/5",
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    ("source:x NEAR/5 b", "^^^^^^^^", "a field cannot stand beside NEAR/5", "write source:x AND b"),
    (
        "a NEAR/5 ATLEAST/2 b",
        "         ^^^^^^^^^^^",
        "ATLEAST cannot stand beside NEAR/5",
        "write (a NEAR/5 b) AND ATLEAST/2 b",
    ),
    (
        "a NEAR/5 2 OF (b, c)",
        "         ^^^^^^^^^^^",
        '"n OF (…)" cannot stand beside NEAR/5',
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    (
        "a NEAR/5 (b OR (c AND d))",
        "               ^^^^^^^^^",
        "AND cannot stand beside NEAR/5",
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    (
        "a NOT NEAR/5 (b AND c)",
        "             ^^^^^^^^^",
        "AND cannot stand beside NOT NEAR/5",
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    ("title:NOT a", "      ^^^", 'NOT needs brackets after "title:"', "write title:(NOT a)"),
    (
        "title:body:a",
        "      ^^^^^^",
        '"body:" inside "title:" can never be true: no text stands in both',
        "put them side by side, with AND or OR",
    ),
    (
        "lead:(a OR title:b)",
        "           ^^^^^^^",
        '"title:" inside "lead:" can never be true: no text stands in both',
        "put them side by side, with AND or OR",
    ),
    (
        "title:(lead:9:a)",
        "      ^^^^^^^^^^",
        '"lead:9:" inside "title:" can never be true: no text stands in both',
        "put them side by side, with AND or OR",
    ),
    ("lead:0:a", "     ^", '"lead:0:" is no field', "write a number from 1 to 9999: lead:100:"),
    ("lead:10000:a", "     ^^^^^", '"lead:10000:" is no field', "write a number from 1 to 9999: lead:100:"),
    ("title:", "^^^^^^", '"title:" has nothing on its right', "write what belongs there, or remove it"),
    (
        "title:(a AND source:x)",
        "             ^^^^^^^^",
        '"source:" asks about the whole article, not its title',
        'take it out of "title:(…)" and join it with AND',
    ),
    (
        "source:(a AND title:b)",
        "              ^^^^^^^",
        '"title:" cannot stand inside "source:"',
        "close its brackets first and join it with AND",
    ),
    (
        "author:(a NEAR/5 b) AND c",
        "       ^^^^^^^^^^^^",
        'such an operator cannot stand inside "author:"',
        "AND, OR and NOT can",
    ),
    (
        "author:@huawei AND a",
        "       ^^^^^^^",
        "an entity is looked for in the text, not among authors",
        'write the name: author:"Gina Raimondo"',
    ),
    ("author:$firms AND a", "       ^^^^^^", "$firms has entities only, which are no authors", "write names"),
    (
        "source:Reuters AND a",
        "       ^^^^^^^",
        '"source:" cannot be "Reuters"',
        "a source's id is made of small letters, digits, - and _; see sources list",
    ),
    ("source:=x AND a", "       ^^", '"source:" takes plain words only', "write the plain word"),
    ("tier:offical AND a", "     ^^^^^^^", '"tier:" cannot be "offical"', 'did you mean "official"?'),
    (
        "lang:English AND a",
        "     ^^^^^^^",
        '"lang:" cannot be "English"',
        'a language is two or three small letters, such as "en" or "zh"',
    ),
    ("url:*press* AND a", "    ^^^^^^^", '"url:" knows no wildcards', 'any piece of the address will do: url:"press"'),
    (
        'url:"a b" AND c',
        "    ^^^^^",
        '"url:" holds a blank, which no address does',
        'write a piece of the address: url:"/press/"',
    ),
    ("titel:a", "^^^^^^^", '"titel:" is no field', 'write title:a, or "titel:a" to look for this very text'),
    ("Title:(a OR b)", "^^^^^^", '"Title:" is no field', "write title:"),
    (
        "https://example.org",
        "^^^^^^^^^^^^^^^^^^^",
        '"https:" is no field',
        'write "https://example.org" to look for this very text; fields are title, lead, body, author, source, tier, lang, url',
    ),
    (
        "a:b",
        "^^^",
        '"a:" is no field',
        'write "a:b" to look for this very text; fields are title, lead, body, author, source, tier, lang, url',
    ),
    ("2 OF ()", "     ^^", "the list is empty", "write its items, with commas between them"),
    (
        "2 OF (a, (b AND c))",
        "         ^^^^^^^^^",
        "AND cannot stand inside OF",
        "only words, phrases, @names, $lists and groups of these joined by OR, and pairs such as a NEAR/5 b can; for both in one paragraph write (b IN PARAGRAPH WITH c)",
    ),
    (
        "2 OF (a, NOT b)",
        "         ^^^^^",
        "NOT cannot stand inside OF",
        "only words, phrases, @names, $lists and groups of these joined by OR, and pairs such as a NEAR/5 b can",
    ),
    (
        "2 OF (a, title:b)",
        "         ^^^^^^^",
        "a field cannot stand inside OF",
        "only words, phrases, @names, $lists and groups of these joined by OR, and pairs such as a NEAR/5 b can",
    ),
    ("2 OF (a,,b)", "        ^", "nothing stands before this comma", "remove it"),
    ("2 OF (a, b,)", "          ^", "nothing stands after this comma", "remove it"),
    ("3 OF (a, b)", "^^^^^^^^^^^", "3 of 2 items can never occur", "write 2 OF (a, b), or more items"),
    ("2 OF a", "^^^^", '"2 OF" needs a list in brackets', "write 2 OF (a, b, c)"),
    ("0 OF (a, b)", "^", "0 is out of range", "write a number from 1 to 1,000"),
    (
        "ATLEAST/2 (a AND b)",
        "          ^^^^^^^^^",
        "AND cannot stand inside ATLEAST/2",
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    (
        "ATLEAST/2 (a NEAR/5 b)",
        "          ^^^^^^^^^^^^",
        "NEAR/5 cannot stand inside ATLEAST/2",
        "only words, phrases, @names, $lists and groups of these joined by OR can",
    ),
    (
        "ATLEAST/2 title:(a OR b)",
        "          ^^^^^^^^^^^^^^",
        "a field cannot stand inside ATLEAST/2",
        "write title:(ATLEAST/2 (a OR b))",
    ),
    ("lead:60 tariff", "     ^^^^^^^^^", "there is no operator between these words", "write lead:60:tariff"),
    (
        "lead:60 export ban AND c",
        "     ^^^^^^^^^^^^^",
        "there is no operator between these words",
        'write lead:60:"export ban"',
    ),
    (
        "a NOT NEAR 5 b",
        "  ^^^^^^^^^^",
        '"NOT NEAR 5": no operator is written so',
        'write NOT NEAR/5, or "NOT NEAR 5" to look for the words',
    ),
    ("a, b", " ^", 'a comma stands only between the items of "2 OF (…)"', "write a OR b, or 2 OF (a, b)"),
    ("(a, b, c)", "  ^", 'a comma stands only between the items of "2 OF (…)"', "write a OR b OR c, or 2 OF (a, b, c)"),
    (
        "1,000",
        "^^^^^",
        '"1,000": a comma between digits can be read in two ways',
        'write "1,000" for one number, or 1, 000 for several items',
    ),
    ("()", "^^", "the brackets are empty", "write what belongs there, or remove them"),
    ("a AND (", "      ^", "this bracket is never closed", 'write ")" where a group ends, or remove it'),
    ("(a AND b", "^", "this bracket is never closed", 'write ")" where a group ends, or remove it'),
    ("a OR b) AND c", "      ^", "this bracket closes nothing", 'write "(" where a group begins, or remove it'),
    ("a)) OR b", " ^^", "these 2 brackets close nothing", 'write "(" where a group begins, or remove them'),
    ("((a OR (b)", "^^", "these 2 brackets are never closed", 'write ")" where a group ends, or remove them'),
    (
        '"export control OR b',
        "^^^^^^^^^^^^^^^^^^^^",
        "this quotation mark is never closed",
        'write "export control" OR b',
    ),
    ("“a b) AND c", "^^^^^^^^^^^", "this quotation mark is never closed", 'write "a b") AND c'),
    ('="a b', "^^^^^", "this quotation mark is never closed", 'write ="a b"'),
    (
        "'export control' OR b",
        "^^^^^^^^^^^^^^^^",
        "single quotation marks do not make a phrase",
        'write "export control"',
    ),
    ("‘a’", "^^^", "single quotation marks do not make a phrase", 'write "a"'),
    ("a && b", "  ^^", '"&&" is no operator here', "write AND"),
    ("a || b", "  ^^", '"||" is no operator here', "write OR"),
    ("a&&b", "^^^^", '"a&&b": "&&" is no operator here', "write a AND b"),
    ("a|b", "^^^", '"a|b": "|" is no operator here', "write a OR b"),
    (
        "+a",
        "^^",
        '"+a": "+" is no operator here',
        'write a; what must occur is joined with AND, or "+a" if the sign belongs to the text',
    ),
    ("-a", "^^", '"-a": "-" is no operator here', 'write NOT a, or "-a" if the sign belongs to the text'),
    ("a AND !b", "      ^^", '"!b": "!" is no operator here', 'write NOT b, or "!b" if the sign belongs to the text'),
    ("a - b", "  ^", '"-": "-" is no operator here', "write NOT, or remove it"),
    ("= Apple", "^", '"=" stands alone', 'write it right before a word or phrase: =Apple, ="Big Apple"'),
    (
        "/abc OR d",
        "^^^^",
        'this begins with "/", but no "/" closes it',
        'a regular expression is /…/; write "/abc" for text',
    ),
    (
        "/abc/d",
        "^^^^^^",
        "this goes on after the regular expression",
        'its second "/" ends it: write \\/ for a slash, or "/abc/d"',
    ),
    ("\\", "^", "a backslash means nothing here", "remove it"),
    ("a\\b", " ^", "a backslash means nothing here", 'remove it; for one in the text write "a\\\\b"'),
    (
        '"a\\d"',
        "  ^^",
        '"\\d" means nothing between quotation marks',
        'write \\\\ for a backslash, \\" for a quotation mark',
    ),
    (
        "AND a",
        "^^^",
        '"AND" has nothing on its left',
        'write what belongs there, or remove it, or write "AND" to look for the word',
    ),
    (
        "a AND",
        "  ^^^",
        '"AND" has nothing on its right',
        'write what belongs there, or remove it, or write "AND" to look for the word',
    ),
    (
        "a AND OR b",
        "  ^^^^^^",
        '"AND" and "OR" stand side by side',
        "remove one of them, or write what belongs between them",
    ),
    ("AND", "^^^", '"AND" stands alone', 'write what it joins, or remove it, or write "AND" to look for the word'),
    (
        "(OR a)",
        " ^^",
        '"OR" has nothing on its left',
        'write what belongs there, or remove it, or write "OR" to look for the word',
    ),
    (
        "NOT",
        "^^^",
        '"NOT" has nothing on its right',
        'write what belongs there, or remove it, or write "NOT" to look for the word',
    ),
    ("@nobody", "^^^^^^^", 'there is no entity "@nobody"', 'did you mean "@huawei"?'),
    ("$none OR @huawei", "^^^^^", 'there is no list "$none"', 'did you mean "@huawei"?'),
    ("@", "^", '"@" names nothing', "write the id of an entity right behind it: @huawei"),
    ("$", "^", '"$" names nothing', "write the id of a list right behind it: $chips"),
    (
        "ch*",
        "^^^",
        '"ch*" needs 3 letters or digits before its first "*"',
        'write more of the word, or ="ch*" to look for this very text',
    ),
    (
        '"ch* x"',
        "^^^^^^^",
        '"ch* x" needs 3 letters or digits before its first "*"',
        'write more of the word, or ="ch* x" to look for this very text',
    ),
    ("=…", "^^", '="…" holds no letter or digit', "there would be nothing to look for"),
    (
        "/a/",
        "^^^",
        "/a/ must contain 3 plain characters in a row in every way to match",
        'for example "/sanction(s|ed)/": without them it would have to be tried on every article in full',
    ),
    (
        "/[A-Z]abc/",
        "^^^^^^^^^^",
        '/[A-Z]abc/ has the capital "A", but is tried on lower-case text',
        "write it in small letters, or use =Term for text with its case: A → a",
    ),
    (
        "“ tariff”",
        "^^^^^^^^^",
        '" tariff" begins or ends with a blank',
        'write "tariff": terms keep to whole words by themselves',
    ),
    ('""', "^^", '"" is empty', "write a word or phrase, or remove it"),
    (
        "tariff~2",
        "^^^^^^^^",
        '"tariff~2": "~" is no operator here',
        'for words close to each other write a NEAR/5 b; write "tariff~2" if it belongs to the text',
    ),
    (
        '"a b"~5',
        "     ^^",
        '"~5": "~" is no operator here',
        'for words close to each other write a NEAR/5 b; write "~5" if it belongs to the text',
    ),
    ("[a]", "^^^", '"[a]" holds "["', 'groups stand in ( ); write "[a]" if it belongs to the text'),
    ("「出口管制」", "^^^^^^", '"「出口管制」" holds "「"', 'write "出口管制"'),
    (
        "关税，管制",
        "^^^^^",
        '"关税，管制" holds a full-width comma',
        'write 关税 OR 管制, or "关税，管制" if it belongs to the text',
    ),
    (
        "NOT a",
        "^^^^^",
        "this would match almost every article: nothing in it must occur",
        "join it, with AND, with something that must occur: tariff AND NOT a",
    ),
    (
        "NOT a AND source:x",
        "^^^^^^^^^^^^^^^^^^",
        "this would match almost every article: nothing in it must occur",
        "join it, with AND, with something that must occur: tariff AND (NOT a AND source:x)",
    ),
    (
        "a OR NOT (b OR c)",
        "     ^^^^^^^^^^^^",
        "this would match almost every article: nothing in it must occur",
        "join it, with AND, with something that must occur: tariff AND NOT (b OR c)",
    ),
    (
        "source:x",
        "^^^^^^^^",
        "this asks only for facts about the article, so it would match without any word",
        "join it, with AND, with something that must occur: tariff AND source:x",
    ),
    (
        "a OR title:(lang:zh)",
        "           ^^^^^^^^^",
        '"lang:" asks about the whole article, not its title',
        'take it out of "title:(…)" and join it with AND',
    ),
    (
        "a NEAR/5 (b AND and)",
        "                ^^^",
        '"and": operators are written in capitals',
        'write AND, or "and" to look for the word',
    ),
]
SEVERAL = [
    (
        "2 OF $none",
        [
            ("^^^^", '"2 OF" needs a list in brackets'),
            ("     ^^^^^", 'there is no list "$none"'),
        ],
    ),
    (
        "（a OR b）",
        [
            ("^", '"（" is a full-width bracket'),
            ("       ^", '"）" is a full-width bracket'),
        ],
    ),
    (
        "or(word2+ not ord+, and xyz,def)",
        [
            ("^^", '"or": operators are written in capitals'),
            ("          ^^^", '"not": operators are written in capitals'),
            ("          ^^^", "NOT stands between two operands"),
            ("                  ^", 'a comma stands only between the items of "2 OF (…)"'),
            ("                    ^^^", '"and": operators are written in capitals'),
        ],
    ),
    (
        "(aa and bb) w cc",
        [
            ("    ^^^", '"and": operators are written in capitals'),
            ("            ^^^^", "there is no operator before this"),
        ],
    ),
    (
        '"jo* "smith" "',
        [
            ("^^^^^^", '"jo* " begins or ends with a blank'),
            ("^^^^^^^^^^^^^^", "there is no operator between these"),
            ("           ^^^", '" " is empty'),
        ],
    ),
    (
        "xx NOT",
        [
            ("   ^^^", '"NOT" has nothing on its right'),
        ],
    ),
    (
        "a b NOT c d",
        [
            ("^^^", "there is no operator between these words"),
            ("    ^^^", "NOT stands between two operands"),
            ("        ^^^", "there is no operator between these words"),
        ],
    ),
    (
        "(a b)(c d)",
        [
            (" ^^^", "there is no operator between these words"),
            ("     ^", "there is no operator before this"),
            ("      ^^^", "there is no operator between these words"),
        ],
    ),
    (
        "2 OF (a AND, b)",
        [
            ("        ^^^", '"AND" has nothing on its right'),
        ],
    ),
    (
        "@x AND $y",
        [
            ("^^", 'there is no entity "@x"'),
            ("       ^^", 'there is no list "$y"'),
        ],
    ),
    (
        '"a AND (b',
        [
            ("^^^^^^^^^", "this quotation mark is never closed"),
        ],
    ),
    (
        "a OR b) AND c d",
        [
            ("      ^", "this bracket closes nothing"),
            ("            ^^^", "there is no operator between these words"),
        ],
    ),
    (
        'titel:a AND (b OR) AND "c\\d"',
        [
            ("^^^^^^^", '"titel:" is no field'),
            ("               ^^", '"OR" has nothing on its right'),
            ("                         ^^", '"\\d" means nothing between quotation marks'),
        ],
    ),
    (
        "a NEAR/1001 b NEAR/5 tarif~",
        [
            ("       ^^^^", "1001 is out of range"),
            ("              ^^^^^^", '"NEAR/5" follows another such operator'),
            ("                     ^^^^^^", '"tarif~": "~" is no operator here'),
        ],
    ),
    (
        "AND(word2,word1,)",
        [
            ("^^^", '"AND" has nothing on its left'),
            ("         ^", 'a comma stands only between the items of "2 OF (…)"'),
        ],
    ),
    (
        "tier:(offical OR wired) AND source:A",
        [
            ("      ^^^^^^^", '"tier:" cannot be "offical"'),
            ("                 ^^^^^", '"tier:" cannot be "wired"'),
            ("                                   ^", '"source:" cannot be "A"'),
        ],
    ),
    (
        "a\n  AND b c\n  OR (d",
        [
            ("        ^^^", "there is no operator between these words"),
            ("                 ^", "this bracket is never closed"),
        ],
    ),
]


def marks(fault):
    return " " * fault.start + "^" * (fault.end - fault.start)


@pytest.mark.parametrize(("text", "place", "message", "remedy"), ONE, ids=[row[0] for row in ONE])
def test_a_mistake_is_told_at_its_place_with_a_remedy(text, place, message, remedy):
    parsed = read(text)
    assert [(marks(fault), fault.message, fault.remedy) for fault in parsed.faults] == [(place, message, remedy)]
    assert parsed.expr is None


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=[row[0] for row in SEVERAL])
def test_every_mistake_is_told_once_and_nothing_that_follows_from_another(text, expected):
    parsed = read(text)
    assert [(marks(fault), fault.message) for fault in parsed.faults] == expected
    assert parsed.expr is None


# What a remedy promises is a query as it stands.
REPAIRS = [
    ("a OR b AND c", "a OR (b AND c)", "(a OR b) AND c"),
    ('a OR b AND c OR "d e"', 'a OR (b AND c) OR "d e"', '(a OR b) AND (c OR "d e")'),
    ("a and b or not c", "(a AND b) OR NOT c", "a AND (b OR NOT c)"),
    ('a OR b AND (c OR lead:9:"d\\"e")', 'a OR (b AND (c OR lead:9:"d\\"e"))', '(a OR b) AND (c OR lead:9:"d\\"e")'),
    ("a NEAR/5 b OR c AND /abc/", "(a NEAR/5 b) OR (c AND /abc/)", "((a NEAR/5 b) OR c) AND /abc/"),
    ("a NOT b", "a AND NOT b"),
    ("NOT a NEAR/5 b", "NOT (a NEAR/5 b)"),
    ("NOT NOT a", "a"),
    ("export control", '"export control"', "export AND control"),
    ("a OR export control", '"export control"', "(export AND control)"),
    ('"a b" @huawei', '"a b" AND @huawei'),
    ("a NEAR/5 b NEAR/3 c", "(a NEAR/5 b) AND (b NEAR/3 c)"),
    ("(a NEAR/5 b) NEAR/3 c", "(a NEAR/5 b) AND (b NEAR/3 c)"),
    ("a NEAR/5 (b AND c)", "(a NEAR/5 b) AND (a NEAR/5 c)"),
    ("a NEAR/5 NOT b", "a NOT NEAR/5 b"),
    ("a ONEAR/5 (NOT b)", "a AND NOT (a ONEAR/5 b)"),
    ("title:a NEAR/5 b", "title:(a NEAR/5 b)"),
    ("b IN SENTENCE WITH lead:20:(a OR c)", "lead:20:(b IN SENTENCE WITH (a OR c))"),
    ("tier:wire NEAR/5 b", "tier:wire AND b"),
    ("a NEAR/5 ATLEAST/2 b", "(a NEAR/5 b) AND ATLEAST/2 b"),
    ("ATLEAST/2 title:(a OR b)", "title:(ATLEAST/2 (a OR b))"),
    ("lead:60 tariff", "lead:60:tariff"),
    ("title:NOT a", "title:(NOT a)"),
    ("4 OF (a, (b OR c), @huawei)", "3 OF (a, (b OR c), @huawei)"),
    ("a, b", "a OR b", "2 OF (a, b)"),
    ("'export control'", '"export control"'),
    ('"export control OR b', '"export control" OR b'),
    ("titel:a", "title:a", '"titel:a"'),
    ("a&&b", "a AND b"),
    ("关税，管制", "关税 OR 管制"),
    ("a\\b", r'"a\\b"'),
    ("=a\\b", r'="a\\b"'),
    ("/abc OR d", '"/abc"'),
    ("1,000", '"1,000"'),
]


@pytest.mark.parametrize(("text", "repairs"), [(row[0], row[1:]) for row in REPAIRS], ids=[row[0] for row in REPAIRS])
def test_a_repair_can_be_pasted(text, repairs):
    remedies = [fault.remedy for fault in read(text, anchored=False).faults]
    for repair in repairs:
        assert any(repair in remedy for remedy in remedies)
        assert read(repair, anchored=False).faults == ()


# ── queries that other engines refuse ────────────────────────────────────────────────────────────

MEANT = {}
"""Malformed elsewhere, with a meaning here: query → expression. There is none."""


def test_what_is_malformed_elsewhere_is_refused(corpora):
    rows = [json.loads(line) for line in (corpora / "queries" / "malformed.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 24
    for row in rows:
        parsed = read(row["query"])
        assert parsed.expr == MEANT.get(row["query"]), row["query"]
        assert bool(parsed.faults) == (row["query"] not in MEANT)
