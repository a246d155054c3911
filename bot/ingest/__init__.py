"""What comes in: sources are fetched and parsed, their items become articles with an identity.

``feeds.poll``   a feed: fetch (``net``) ► parse in a worker (``parse``, ``feedxml``, ``jsonfeed``) ► ``identity``
``seeds.poll``   a folder of text files: read (``folder``, ``encoding``) ► mend each file's shape (``shape``)
``files``        any one file, for trying rules on it; nothing is fetched
``timing``       when to poll next, and where an article stands in order

Nothing here stores, matches or decides.
"""
