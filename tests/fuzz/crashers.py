"""What fuzzing has found, made small: target → what went wrong → the input. Each stays a test."""

CRASHERS: dict[str, dict[str, bytes]] = {
    "date": {
        "seconds that lie beyond the last year that is believed": b"9721500055",
    },
    "url": {
        "a full stop of another script at a host's end gave one page two spellings": "http://a\u3002/".encode(),
        "a host of letters that IDNA makes blanks of": "http://a\u3000b.example/".encode(),
        "a link that could not be cut into parts again": b"http://[::ffff%1.\x12.1.1]/",
    },
    "query": {
        "a regular expression with bytes that are no UTF-8": b"tariff AND /\x80foundry/",
    },
}
