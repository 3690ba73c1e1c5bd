"""The intake of flows/receiving/raw_intake.yaml as people write such bots by hand in aiogram 3.

Frozen: a change here re-measures every row of the bench. Nothing of engine is imported.

The same in all of them: the 21 questions with their texts, buttons, pages and search, checks of
every answer, every photo fetched, looked at and kept, skipping, back, the review with editing and
asking again what an edit made necessary, an answer to every press, one changed or new message a
turn.

Less than ours, and so cheaper: a value outside its limit stops the form with a way to correct it,
but no technologist is asked; the role is checked at the beginning only; a press on an old message
is answered by what its data says; an update that comes twice is taken twice; two updates of a chat
can overlap; nothing keeps Telegram's limits; nothing is stored outside aiogram's MemoryStorage; a
typed name is not compared with similar ones; a new name makes no row."""
