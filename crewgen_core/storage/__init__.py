"""Storage: crews with all their versions, and the requests that made them, in SQLite or PostgreSQL.

``database`` opens (and migrates) the database and gives transactions; ``requests`` and ``crews`` are what can be asked
within one, of one or of many at once, ``versions`` the states of crews, ``corrections`` keeps what people entered about
models, ``speeds`` measures own calls, ``counts`` says how much there is; ``jobs`` and ``job_items`` keep bulk work,
``workers`` who does it, ``model_calls`` what it asks; ``job_results`` finds, sorts and streams what came of it,
``job_spread`` measures it; ``outcomes`` keeps what came of runs, ``judged_runs`` reads such a run, ``lessons`` what is
learned from; ``people`` keeps who signs in and their tokens, ``ownership`` says who sees and changes what, ``audit``
who did what; ``staff``, ``metrics`` and ``requirements`` turn a crew and a design into rows, ``designs`` says what a
request keeps of its design, ``rows``, ``documents``, ``money`` and ``paging`` serve them. ``tables`` names every table
and column, by what it is about; ``migrations`` brings an older database to them, ``engine`` connects, ``faults`` says
foreign errors in plain English.
"""
